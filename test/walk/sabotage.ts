// Directors that are broken on purpose, by a port or an argument, to show that a walk notices.

import { decodeBallot, encodeBallot } from '../../src/director/gossip/ballot.ts';
import type { RegionId } from '../../src/model/region.ts';
import { millis } from '../../src/model/time.ts';
import type { Board, Posted, Seal } from '../../src/ports.ts';
import type { Timed } from './moves.ts';
import type { Tamper } from './site.ts';

/** One director is broken, the others are fine. */
const culprit = 'eu-1';

interface Sabotage {
  /** Any of these is what it breaks. */
  readonly rules: readonly string[];
  readonly tamper: Tamper;
  /** A leg that comes to it soon, so that the test is short; others come to it too. */
  readonly seed: string;
  /** Where chance would take long. */
  readonly moves?: readonly Timed[];
}

export const sabotages: Readonly<Record<string, Sabotage>> = {
  'a quorum of one': {
    seed: 'broken 1',
    rules: ['minority'],
    tamper: (parts, { region }) => {
      const { settings } = parts;
      const health = { ...settings.health, observers: [region] };
      return { ...parts, settings: { ...settings, health } };
    },
  },
  'a vote that is counted twice': {
    seed: 'broken 12',
    rules: ['minority'],
    tamper: (parts, { id }, seal) =>
      id === culprit ? { ...parts, boards: parts.boards.map((it) => doubling(it, seal)) } : parts,
  },
  'a region without an address': {
    seed: 'broken 1',
    rules: ['empty'],
    tamper: (parts, { id }) => {
      const { settings } = parts;
      const us = settings.regions.get('us' as RegionId);
      if (us === undefined || id !== culprit) return parts;
      const regions = new Map(settings.regions).set(us.id, { ...us, ipv4: [] });
      return { ...parts, settings: { ...settings, regions } };
    },
  },
  'a director that hears no word': {
    seed: 'broken 0',
    rules: ['lost', 'agree', 'true'],
    tamper: (parts, { id }) =>
      id === culprit
        ? { ...parts, boards: parts.boards.map((it) => hiding(it, 'override.')) }
        : parts,
  },
  'a disk that forgets words': {
    seed: 'broken 0',
    moves: [
      {
        at: 9000,
        move: { kind: 'say', word: 'drain', region: 'us', span: 600_000, director: culprit },
      },
      { at: 10_000, move: { kind: 'board', board: 'one', fate: 'dies' } },
      { at: 10_000, move: { kind: 'board', board: 'two', fate: 'hangs' } },
      { at: 20_000, move: { kind: 'turn', director: culprit, turn: 'crashes' } },
      { at: 21_000, move: { kind: 'start', director: culprit, disk: 'kept', set: 0 } },
    ],
    rules: ['lost'],
    tamper: (parts) => {
      const load: typeof parts.store.load = async (name) =>
        name === 'gossip' ? undefined : parts.store.load(name);
      return { ...parts, store: { ...parts.store, load } };
    },
  },
  'a director that hears no votes': {
    seed: 'broken 3',
    rules: ['agree', 'true'],
    tamper: (parts, { id }) =>
      id === culprit ? { ...parts, boards: parts.boards.map((it) => hiding(it, 'vote.')) } : parts,
  },
  'a clock at half its pace': {
    seed: 'broken 4',
    rules: ['outlived'],
    tamper: (parts, { id }) => {
      const { clock } = parts;
      const start = clock.now();
      const now = () => millis(start + (clock.now() - start) / 2);
      return id === culprit ? { ...parts, clock: { ...clock, now } } : parts;
    },
  },
};

function reading(
  board: Board,
  change: (found: ReadonlyMap<string, Posted>) => ReadonlyMap<string, Posted>,
): Board {
  return { ...board, read: async () => change(await board.read()) };
}

function hiding(board: Board, prefix: string): Board {
  return reading(
    board,
    (found) => new Map([...found].filter(([slot]) => !slot.startsWith(prefix))),
  );
}

/** What us-1 says is also read as what ap-1 said. */
function doubling(board: Board, seal: Seal): Board {
  return reading(board, (found) => {
    const [one, other] = [found.get('vote.us-1'), found.get('vote.ap-1')];
    if (one === undefined || other === undefined) return found;
    const [said, over] = [decodeBallot(one.value, seal), decodeBallot(other.value, seal)];
    if (typeof said === 'string' || said.kind !== 'vote') return found;
    if (typeof over === 'string' || over.kind !== 'vote') return found;
    const vote = { ...over.vote, opinions: said.vote.opinions };
    return new Map(found).set('vote.ap-1', {
      ...other,
      value: encodeBallot({ ...over, vote }, seal),
    });
  });
}
