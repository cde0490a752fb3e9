// Shares of totals: of one service, or of all together.

import { unpackCountry } from '../model/atlas.ts';
import type { DecisionState } from '../model/decision.ts';
import {
  type Cell,
  type CountryComparison,
  cellDegrees,
  type Move,
  type PartOfMove,
  type RegionComparison,
} from './comparison.ts';
import { type Flow, Flows, type RegionBook, type Totals } from './totals.ts';

export interface SummaryOptions {
  readonly book: RegionBook;
  /** Requests a second that fill a region of the new side, for those that say so. */
  readonly capacities: ReadonlyMap<string, number>;
  /** Requests a second of all services together; undefined when nobody said. */
  readonly load: number | undefined;
}

/** Moves, countries and networks that are listed at most; the rest is in the shares all the same. */
const mostListed = 50;

export class Summary {
  readonly #totals: Totals;
  readonly #allUnits: number;
  readonly #options: SummaryOptions;

  constructor(totals: Totals, allUnits: number, options: SummaryOptions) {
    this.#totals = totals;
    this.#allUnits = allUnits;
    this.#options = options;
  }

  share(units: number): number {
    return this.#totals.units === 0 ? 0 : units / this.#totals.units;
  }

  moved(): number {
    let units = 0;
    for (const flow of this.#flows(this.#totals.countries)) if (isMove(flow)) units += flow.units;
    return this.share(units);
  }

  states(of: ReadonlyMap<DecisionState, number>): Partial<Record<DecisionState, number>> {
    return Object.fromEntries(Array.from(of, ([state, units]) => [state, this.share(units)]));
  }

  /** Every region that anyone is sent to, on either side, in the order of the settings. */
  regions(): RegionComparison[] {
    const { book } = this.#options;
    const before = new Float64Array(book.ids.length + 1);
    const after = new Float64Array(book.ids.length + 1);
    for (const flow of this.#flows(this.#totals.countries)) {
      before[flow.before] = (before[flow.before] as number) + flow.units;
      after[flow.after] = (after[flow.after] as number) + flow.units;
    }
    return book.ids.flatMap((region, i) => {
      const [from, to] = [before[i + 1] as number, after[i + 1] as number];
      if (from === 0 && to === 0) return [];
      return [
        {
          region,
          before: this.share(from),
          after: this.share(to),
          load: this.#load(region, from, to),
        },
      ];
    });
  }

  #load(region: string, before: number, after: number): RegionComparison['load'] {
    const { load, capacities } = this.#options;
    if (load === undefined) return undefined;
    const capacity = capacities.get(region);
    const requests = (units: number): number =>
      this.#allUnits === 0 ? 0 : (load * units) / this.#allUnits;
    const ofCapacity = (units: number): number | undefined =>
      capacity === undefined ? undefined : requests(units) / capacity;
    return {
      before: requests(before),
      after: requests(after),
      capacity,
      shareBefore: ofCapacity(before),
      shareAfter: ofCapacity(after),
    };
  }

  moves(): Move[] {
    const found = new Map<string, MutableMove>();
    const moveOf = ({ before, after }: Flow): MutableMove => {
      const key = `${before}/${after}`;
      const known = found.get(key) ?? { before, after, units: 0, countries: [], systems: [] };
      found.set(key, known);
      return known;
    };
    for (const flow of this.#flows(this.#totals.countries)) {
      if (!isMove(flow)) continue;
      const move = moveOf(flow);
      move.units += flow.units;
      move.countries.push({ of: unpackCountry(flow.place), share: this.share(flow.units) });
    }
    for (const flow of this.#flows(this.#totals.systems)) {
      moveOf(flow).systems.push({ of: `AS${flow.place}`, share: this.share(flow.units) });
    }
    return [...found.values()]
      .sort((x, y) => y.units - x.units || x.before - y.before || x.after - y.after)
      .map(({ before, after, units, countries, systems }) => ({
        from: this.#regionName(before),
        to: this.#regionName(after),
        share: this.share(units),
        countries: largest(countries),
        systems: largest(systems),
      }));
  }

  countries(): CountryComparison[] {
    return this.#places(this.#totals.countries)
      .sort((x, y) => y.units - x.units || x.place - y.place)
      .map(({ place, units, movedUnits, before, after }) => ({
        country: unpackCountry(place),
        share: this.share(units),
        moved: this.share(movedUnits),
        before,
        after,
      }));
  }

  cells(): Cell[] {
    return this.#places(this.#totals.cells)
      .sort((x, y) => x.place - y.place)
      .map(({ place, units, movedUnits, before, after }) => ({
        ...cornerOf(place),
        share: this.share(units),
        moved: this.share(movedUnits),
        before,
        after,
      }));
  }

  /** Flows by place, with the region that most of each place's clients are sent to. */
  #places(sums: Map<number, number>): PlaceSummary[] {
    const byPlace = Map.groupBy(this.#flows(sums), ({ place }) => place);
    return Array.from(byPlace, ([place, flows]) => ({
      place,
      units: sum(flows),
      movedUnits: sum(flows.filter(isMove)),
      before: this.#regionName(mostOf(flows, ({ before }) => before)),
      after: this.#regionName(mostOf(flows, ({ after }) => after)),
    }));
  }

  #flows(sums: Map<number, number>): Iterable<Flow> {
    return new Flows(this.#options.book.ids.length, sums).entries();
  }

  #regionName(number: number): string | null {
    return this.#options.book.ids[number - 1] ?? null;
  }
}

interface MutableMove {
  readonly before: number;
  readonly after: number;
  units: number;
  readonly countries: PartOfMove[];
  readonly systems: PartOfMove[];
}

interface PlaceSummary {
  readonly place: number;
  readonly units: number;
  readonly movedUnits: number;
  readonly before: string | null;
  readonly after: string | null;
}

function isMove({ before, after }: Flow): boolean {
  return before !== after;
}

function sum(flows: readonly Flow[]): number {
  return flows.reduce((units, flow) => units + flow.units, 0);
}

function mostOf(flows: readonly Flow[], sideOf: (flow: Flow) => number): number {
  const sums = new Map<number, number>();
  for (const flow of flows) sums.set(sideOf(flow), (sums.get(sideOf(flow)) ?? 0) + flow.units);
  const [first] = [...sums].sort(([x, xUnits], [y, yUnits]) => yUnits - xUnits || x - y);
  return first?.[0] ?? 0;
}

function largest(parts: readonly PartOfMove[]): PartOfMove[] {
  return parts.toSorted((x, y) => y.share - x.share || (x.of < y.of ? -1 : 1)).slice(0, mostListed);
}

/** The south-west corner of a cell. */
function cornerOf(cell: number): Pick<Cell, 'latitude' | 'longitude'> {
  const columns = 360 / cellDegrees;
  return {
    latitude: Math.floor(cell / columns) * cellDegrees - 90,
    longitude: (cell % columns) * cellDegrees - 180,
  };
}
