// Free places: within each tier a region comes first the more often, the more of it is free.

import type { Figures } from '../model/decision.ts';
import type { LoadView } from '../model/load.ts';
import type { RegionId } from '../model/region.ts';
import { hashText } from './hash.ts';
import { drawByNetwork, type Ticket } from './rendezvous.ts';
import type { Moment, ThinningStep } from './step.ts';
import { Turns } from './turns.ts';

/** How much of a region is in use. */
export interface Gauge {
  /** How large it is beside the others; 0 takes clients only where no other of its tier can. */
  readonly size: number;
  /** Share of it that is in use: 1 is full. Undefined where nobody says. */
  readonly used: number | undefined;
  /** What is said of it, such as `40 %`; empty where nobody says. */
  readonly words: string;
  /** The same as a number, in the step's unit. */
  readonly figure: number | undefined;
}

export type Gauges = ReadonlyMap<RegionId, Gauge>;

export interface FreeFacts {
  readonly name: string;
  /** As in `ThinningStep`. */
  readonly drawn: string;
  /** Starts the sentence: `by free capacity`. */
  readonly by: string;
  readonly unit: Figures['unit'];
  /** Gauges all regions of the service. */
  readonly gauge: (loads: LoadView) => Gauges;
}

/** Steps between idle and full: what moves within one moves no client. */
const levels = 20;

/**
 * What an idle region is worth, in levels; a full one is worth a third of that. Reports are old and
 * answers cached, so clients follow with a delay, and swing where the answer to a report is much
 * stronger than what it tells. That strength is used / (1.5 - used): 1 at three quarters and 1.5 at
 * nine tenths, which caches still smooth while reports are no older than half a TTL; above that `shed`
 * steers. With free capacity alone, used / (1 - used), it would be 9 there.
 */
const idle = levels * 1.5;

/**
 * A full region gets nobody only where the others of its tier would then be no fuller than this: else they
 * would be the next to be full, and clients go to and fro.
 */
const roomy = 0.75;

interface Row extends Gauge {
  /** What it counts as, also where nobody says anything of it. */
  readonly level: number;
}

interface Sheet {
  readonly rows: ReadonlyMap<RegionId, Row>;
  /** What those of whom nobody says anything count as, in levels; undefined where nobody says anything of any. */
  readonly median: number | undefined;
  readonly tickets: ReadonlyMap<RegionId, Ticket>;
  readonly turns: Turns;
}

/**
 * Never all clients to the emptiest: they would all be there by the next report. Each network draws
 * by what is free (by rendezvous, so that one region's news moves only clients from it or to it), and
 * a resolver that tells nothing of its clients is given turns. Full regions stand behind the others of
 * their tier, if those can take their clients; one of which nothing is known counts as the median of the others.
 */
export function prepareFree({ name, drawn, by, unit, gauge }: FreeFacts): ThinningStep {
  const sheets = new WeakMap<LoadView, Sheet>();
  const sheetAt = ({ loads }: Moment): Sheet => {
    const sheet = sheets.get(loads) ?? fillSheet(gauge(loads));
    sheets.set(loads, sheet);
    return sheet;
  };
  return {
    name,
    drawn,
    picksByNetwork: ({ tiers }) => tiers.some((tier) => tier.length > 1),
    apply(race, moment) {
      const sheet = sheetAt(moment);
      const tiers = race.tiers.map((tier) => {
        return tier.length < 2 ? tier : orderTier(tier, sheet, moment);
      });
      return { ...race, tiers };
    },
    describe(before, after, moment) {
      const at = before.tiers.findIndex((tier) => tier.length > 1);
      const shared = before.tiers[at];
      const first = after.tiers[at]?.[0];
      if (shared === undefined) return 'no two regions are equally good';
      const sheet = sheetAt(moment);
      const told = shared.map((id) => describeRow(id, sheet)).join(', ');
      const full = fullIn(shared, sheet.rows);
      const behind = full.length === 0 ? '' : `; ${full.join(', ')} full, so behind the others`;
      return moment.turn === undefined
        ? `${by} (${told}) the client's network falls to ${first}${behind}`
        : `${by} (${told}) it is ${first}'s turn for this resolver${behind}`;
    },
    measure(ids, moment) {
      const { rows } = sheetAt(moment);
      const of: Record<string, number> = {};
      for (const id of ids) {
        const figure = rows.get(id)?.figure;
        if (figure !== undefined) of[id] = figure;
      }
      return { unit, of };
    },
  };
}

function fillSheet(gauges: Gauges): Sheet {
  const known = [...gauges.values()].flatMap(({ used }) =>
    used === undefined ? [] : levelOf(used),
  );
  const median = known.toSorted((one, other) => one - other)[(known.length - 1) >> 1];
  const rows = new Map<RegionId, Row>();
  const tickets = new Map<RegionId, Ticket>();
  for (const [id, own] of gauges) {
    const level = own.used === undefined ? (median ?? 0) : levelOf(own.used);
    rows.set(id, { ...own, level });
    tickets.set(id, { weight: own.size * (idle - level), hash: hashText(id) });
  }
  return { rows, median, tickets, turns: new Turns((id) => tickets.get(id)?.weight ?? 0) };
}

/** The nearest level; more than full is full. */
function levelOf(used: number): number {
  return Math.max(0, Math.min(levels, Math.round(used * levels)));
}

function orderTier(
  tier: readonly RegionId[],
  { rows, tickets, turns }: Sheet,
  { networkHash, turn }: Moment,
): readonly RegionId[] {
  const draw = (ids: readonly RegionId[]): RegionId[] =>
    turn === undefined ? drawByNetwork(ids, tickets, networkHash) : turns.orderAt(ids, turn);
  const full = fullIn(tier, rows);
  const drawn =
    full.length === 0
      ? draw(tier)
      : [...draw(tier.filter((id) => !full.includes(id))), ...draw(full)];
  // Those without weight stand behind, so that nobody is left without an answer.
  return drawn.length === tier.length
    ? drawn
    : [...drawn, ...tier.filter((id) => !drawn.includes(id))];
}

/** The full regions of a tier; none where the others could not take their clients. */
function fullIn(tier: readonly RegionId[], rows: Sheet['rows']): readonly RegionId[] {
  let [borne, room] = [0, 0];
  const full: RegionId[] = [];
  for (const id of tier) {
    const row = rows.get(id);
    if (row === undefined) continue;
    borne += row.size * (row.used ?? row.level / levels);
    if (row.used !== undefined && row.used >= 1) full.push(id);
    else room += row.size * roomy;
  }
  return borne <= room ? full : [];
}

/** `ash 40 %`, or what one of which nothing is known counts as. */
function describeRow(id: RegionId, { rows, median }: Sheet): string {
  const row = rows.get(id);
  if (row !== undefined && row.used !== undefined) return `${id} ${row.words}`;
  if (median === undefined) return `${id} not known`;
  return `${id} not known, so taken for ${median * (100 / levels)} % like the median`;
}
