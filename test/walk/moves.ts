// What a walk does to a fleet: one move at a time, drawn by chance, and told in a line.

import type { OverrideKind } from '../../src/model/override.ts';
import { formatSpan, millis } from '../../src/model/time.ts';
import type { Random } from '../../src/ports.ts';
import type { Weather } from '../scenario/link.ts';
import type { Cut } from '../scenario/world.ts';
import { drawFrom, type Fleet } from './fleet.ts';

/** A move that cannot be made as things stand, such as to start who runs, does nothing. */
export type Move =
  /** How probes of a region end, for one director or for all. */
  | { readonly kind: 'probe'; readonly region: string; readonly fate: Fate; readonly by: string }
  | { readonly kind: 'board'; readonly board: string; readonly fate: 'dies' | 'hangs' | 'returns' }
  | {
      readonly kind: 'link';
      readonly director: string;
      readonly board: string;
      readonly weather: Weather;
    }
  | {
      readonly kind: 'cut';
      readonly director: string;
      readonly board: string;
      readonly what: Cut | 'nothing';
    }
  /** These reach the first board alone, the others the second one. */
  | { readonly kind: 'split'; readonly side: readonly string[] }
  | { readonly kind: 'turn'; readonly director: string; readonly turn: Turn }
  | {
      readonly kind: 'start';
      readonly director: string;
      readonly disk: 'kept' | 'old' | 'lost';
      /** By how much the machine's clock was set meanwhile, in ms. */
      readonly set: number;
    }
  | {
      readonly kind: 'say';
      readonly word: OverrideKind;
      readonly region: string;
      readonly span: number;
      readonly director: string;
    }
  | { readonly kind: 'unsay'; readonly region: string; readonly director: string }
  /** Everything is as it should be from now on, but that these regions fail, for everybody. */
  | {
      readonly kind: 'mend';
      readonly failing: readonly string[];
      /** The first director and the last share no board, and hear each other through the others. */
      readonly isChain: boolean;
    };

export type Turn = 'stops' | 'crashes' | 'pauses' | 'goes on';

export type Fate = 'works' | 'fails' | 'hangs' | 'flaps';

export interface Timed {
  /** In ms of true time. */
  readonly at: number;
  readonly move: Move;
}

/** Long enough for all that went on before to have come to its end. */
export function calmOf({ patience }: Fleet): number {
  const { interval, timeout, downAfter, upAfter, holdDown, voteLifetime } = patience;
  const turn = (interval * 1.1 + timeout) * (Math.max(downAfter, upAfter) + 2) + holdDown;
  return turn + voteLifetime + patience.longestHold + 3 * patience.stage + 15_000;
}

/** Trouble and calm by turns; one leg in three has machines whose clocks are set. */
export function drawMoves(fleet: Fleet, random: Random): { moves: Timed[]; until: number } {
  const moves: Timed[] = [];
  const draws = drawsOf(fleet, random);
  let at = 8000;
  for (let turn = 0; turn < 2; turn++) {
    const pace = drawFrom([150, 600, 2500], random);
    const count = 6 + Math.floor(random() * 30);
    for (let i = 0; i < count; i++) {
      at += Math.ceil(pace * 2 * random());
      moves.push({ at, move: drawFrom(draws, random)() });
    }
    at += Math.ceil(random() * 8000);
    const failing = fleet.regions.filter(() => random() < 0.2);
    const isChain = fleet.directors.length > 2 && random() < 0.3;
    moves.push({ at, move: { kind: 'mend', failing, isChain } });
    at += random() < 0.5 ? calmOf(fleet) : 18_000;
  }
  return { moves, until: at };
}

/** What stands more than once is drawn more often. */
function drawsOf(fleet: Fleet, random: Random): readonly (() => Move)[] {
  const any = <T>(list: readonly T[]): T => drawFrom(list, random);
  const director = (): string => any(fleet.directors);
  const region = (): string => any(fleet.regions);
  const board = (): string => any(fleet.boards);
  const areClocksSet = random() < 1 / 3;
  const sets = areClocksSet ? [0, -7_200_000, -40_000, -4000, 4000, 40_000, 7_200_000] : [0];
  const probe = (by: string): Move => {
    const fate = any<Fate>(['works', 'fails', 'fails', 'hangs', 'flaps']);
    return { kind: 'probe', region: region(), fate, by };
  };
  const turn = (): Move => ({
    kind: 'turn',
    director: director(),
    turn: any<Turn>(['stops', 'crashes', 'crashes', 'pauses', 'pauses', 'goes on', 'goes on']),
  });
  const start = (): Move => ({
    kind: 'start',
    director: director(),
    disk: any(['kept', 'kept', 'old', 'lost']),
    set: any(sets),
  });
  const say = (): Move => ({
    kind: 'say',
    word: any<OverrideKind>(['drain', 'drain', 'down', 'up']),
    region: any(fleet.serving),
    span: any([3000, 10_000, 25_000, 60_000, 600_000]),
    director: director(),
  });
  const link = (): Move => ({
    kind: 'link',
    director: director(),
    board: board(),
    weather: any<Weather>(['sound', 'lossy', 'slow', 'doubling', 'stormy', 'stormy']),
  });
  const cut = (): Move => ({
    kind: 'cut',
    director: director(),
    board: board(),
    what: any(['reading', 'posting', 'all', 'all', 'nothing', 'nothing']),
  });
  return [
    () => probe(''),
    () => probe(''),
    () => probe(director()),
    () => probe(director()),
    () => ({ kind: 'board', board: board(), fate: any(['dies', 'hangs', 'returns', 'returns']) }),
    link,
    link,
    cut,
    cut,
    () => ({ kind: 'split', side: fleet.directors.filter(() => random() < 0.5) }),
    turn,
    turn,
    turn,
    start,
    start,
    start,
    say,
    say,
    () => ({ kind: 'unsay', region: any(fleet.serving), director: director() }),
  ];
}

/** `us-1 is killed`. */
export function describeMove(move: Move): string {
  switch (move.kind) {
    case 'probe':
      return `probe ${move.region} ${move.fate}${move.by === '' ? '' : ` from ${move.by}`}`;
    case 'board':
      return `board ${move.board} ${move.fate}`;
    case 'link':
      return `link ${move.director} and ${move.board} is ${move.weather}`;
    case 'cut':
      return describeCut(move);
    case 'split':
      return `only ${move.side.join(' ') || 'nobody'} can reach the first board, others the second`;
    case 'turn':
      return `director ${move.director} ${move.turn}`;
    case 'start': {
      const disk = move.disk === 'kept' ? '' : `, its disk ${move.disk}`;
      const by = formatSpan(millis(Math.abs(move.set)));
      const clock =
        move.set === 0 ? '' : `, its clock set ${move.set > 0 ? 'ahead' : 'back'} ${by}`;
      return `director ${move.director} starts${disk}${clock}`;
    }
    case 'say': {
      const { word, region, span, director } = move;
      return `override ${word} ${region} for ${formatSpan(millis(span))} at ${director}`;
    }
    case 'unsay':
      return `end override on ${move.region} at ${move.director}`;
    case 'mend':
      return describeMend(move);
    default:
      return move satisfies never;
  }
}

function describeMend({ failing, isChain }: Extract<Move, { kind: 'mend' }>): string {
  const fails = failing.length === 0 ? [] : [`${failing.join(' ')} fails`];
  const chain = isChain ? ['the first director and the last share no board'] : [];
  return ['all is mended', ...fails, ...chain].join(', but ');
}

function describeCut({ director, board, what }: Extract<Move, { kind: 'cut' }>): string {
  if (what === 'nothing') return `mend ${director} and ${board}`;
  if (what === 'all') return `cut ${director} from ${board}`;
  return `${what === 'reading' ? 'deafen' : 'mute'} ${director} on ${board}`;
}
