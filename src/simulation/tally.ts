// What befalls the clients of one place after the other, added up.

import { type Atlas, coordinatesAt } from '../model/atlas.ts';
import { type Coordinates, distanceKm } from '../model/place.ts';
import { cellDegrees } from './comparison.ts';
import type { Fate } from './side.ts';
import { addDistance, Flows, type Totals } from './totals.ts';

export class Tally {
  readonly #totals: Totals;
  readonly #farKm: number;
  readonly #countries: Flows;
  readonly #cells: Flows;
  readonly #systems: Flows;
  #place = -1;
  #country = 0;
  #system = 0;
  #cell = 0;
  #at: Coordinates | undefined;
  /** The distance that was last asked for, which neighbours often share. */
  #kmFrom = -1;
  #kmTo: Coordinates | undefined;
  #km = 0;

  /** `regions` is how many have a number. */
  constructor(totals: Totals, regions: number, farKm: number) {
    this.#totals = totals;
    this.#farKm = farKm;
    this.#countries = new Flows(regions, totals.countries);
    this.#cells = new Flows(regions, totals.cells);
    this.#systems = new Flows(regions, totals.systems);
  }

  stand(atlas: Atlas | undefined, place: number, system: number): void {
    this.#system = system;
    if (place === this.#place) return;
    this.#place = place;
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
    if (isMoved && this.#system !== 0) {
      this.#systems.add(this.#system, before.number, after.number, units);
    }
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
    if (kmAfter - kmBefore > this.#farKm) totals.farther += units;
  }

  #kmBetween(at: Coordinates, to: Coordinates): number {
    if (this.#kmFrom === this.#place && this.#kmTo === to) return this.#km;
    this.#kmFrom = this.#place;
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
