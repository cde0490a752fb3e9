// What befalls the clients of one place after the other, added up.

import { coordinatesAt } from '../model/atlas.ts';
import { type Coordinates, distanceKm } from '../model/place.ts';
import { cellDegrees } from './comparison.ts';
import { type Asker, type Delays, estimateMs } from './delays.ts';
import type { Fate } from './side.ts';
import { addDistance, Flows, type Totals } from './totals.ts';

/** Clients who lose more than this are counted; what is left out limits nothing. */
export interface Losses {
  /** Great-circle km to the region. */
  readonly farKm: number;
  /** Milliseconds of a round trip to it. */
  readonly slowMs: number;
}

export class Tally {
  readonly #totals: Totals;
  readonly #losses: Losses;
  readonly #delays: Delays;
  readonly #countries: Flows;
  readonly #cells: Flows;
  readonly #systems: Flows;
  #asker: Asker = { atlas: undefined, place: -1, asn: 0, network: 0 };
  #country = 0;
  #cell = 0;
  #at: Coordinates | undefined;
  /** The distance that was last asked for, which neighbours often share. */
  #kmFrom = -1;
  #kmTo: Coordinates | undefined;
  #km = 0;

  /** `regions` is how many have a number. */
  constructor(totals: Totals, regions: number, losses: Losses, delays: Delays) {
    this.#totals = totals;
    this.#losses = losses;
    this.#delays = delays;
    this.#countries = new Flows(regions, totals.countries);
    this.#cells = new Flows(regions, totals.cells);
    this.#systems = new Flows(regions, totals.systems);
  }

  stand(asker: Asker): void {
    const { atlas, place } = asker;
    const isSame = place === this.#asker.place;
    this.#asker = asker;
    if (isSame) return;
    const isKnown = atlas !== undefined && place !== 0;
    this.#country = isKnown ? (atlas.countries[place] ?? 0) : 0;
    this.#at = isKnown ? coordinatesAt(atlas, place) : undefined;
    this.#cell = this.#at === undefined ? 0 : cellOf(this.#at);
  }

  count(before: Fate, after: Fate, units: number): void {
    if (units === 0) return;
    const totals = this.#totals;
    totals.units += units;
    this.#countries.add(this.#country, before.number, after.number, units);
    addState(totals.statesBefore, before, units);
    addState(totals.statesAfter, after, units);
    const isMoved = before.number !== after.number;
    const { asn } = this.#asker;
    if (isMoved && asn !== 0) this.#systems.add(asn, before.number, after.number, units);
    const ms = isMoved ? this.#measuredMs(before, after) : undefined;
    if (ms !== undefined) totals.measured += units;
    if (ms !== undefined && ms > this.#losses.slowMs) totals.slower += units;
    const at = this.#at;
    if (at === undefined) {
      totals.unlocated += units;
      return;
    }
    this.#cells.add(this.#cell, before.number, after.number, units);
    const kmBefore = before.region && this.#kmBetween(at, before.region.coordinates);
    const kmAfter = after.region && this.#kmBetween(at, after.region.coordinates);
    if (kmBefore !== undefined) addDistance(totals.kmBefore, kmBefore, units);
    if (kmAfter !== undefined) addDistance(totals.kmAfter, kmAfter, units);
    if (kmBefore === undefined || kmAfter === undefined) return;
    const km = kmAfter - kmBefore;
    if (km > this.#losses.farKm) totals.farther += units;
    if (ms === undefined && estimateMs(km) > this.#losses.slowMs) totals.slower += units;
  }

  #measuredMs({ region: from }: Fate, { region: to }: Fate): number | undefined {
    return from && to && this.#delays.gain(from.id, to.id, this.#asker);
  }

  #kmBetween(at: Coordinates, to: Coordinates): number {
    if (this.#kmFrom === this.#asker.place && this.#kmTo === to) return this.#km;
    this.#kmFrom = this.#asker.place;
    this.#kmTo = to;
    this.#km = distanceKm(at, to);
    return this.#km;
  }
}

function addState(to: Totals['statesAfter'], { state }: Fate, units: number): void {
  to.set(state, (to.get(state) ?? 0) + units);
}

/** Cells are numbered eastwards, row by row, from the South Pole on. */
function cellOf({ latitude, longitude }: Coordinates): number {
  const row = Math.min(180 / cellDegrees - 1, Math.floor((latitude + 90) / cellDegrees));
  const column = Math.min(360 / cellDegrees - 1, Math.floor((longitude + 180) / cellDegrees));
  return row * (360 / cellDegrees) + column;
}
