// Areas of the world as policies name them: continents, countries and their subdivisions.

import { type Continent, continentOf, continents } from '../model/continent.ts';
import type { Place } from '../model/place.ts';
import { Type } from '../schema.ts';
import { list, oneOf, text } from '../shape.ts';
import type { StepReader } from './step.ts';

export const countryPattern = '^[A-Z]{2}$';
export const subdivisionPattern = '^[A-Z]{2}-[A-Z0-9]{1,3}$';

/** Settings that name areas. */
export const areaShapes = {
  continents: Type.Optional(
    list(oneOf(Object.keys(continents) as Continent[]), 'a list of continents'),
  ),
  countries: Type.Optional(
    list(text('two capital letters (ISO 3166-1)', countryPattern), 'a list of countries'),
  ),
  subdivisions: Type.Optional(
    list(
      text('a country and its subdivision, such as US-CA (ISO 3166-2)', subdivisionPattern),
      'a list of subdivisions',
    ),
  ),
};

export interface Areas {
  readonly continents?: readonly Continent[];
  readonly countries?: readonly string[];
  /** Country and subdivision, such as `US-CA`. */
  readonly subdivisions?: readonly string[];
}

/** Whether anything is named at all. */
export function namesAreas({ continents: of, countries, subdivisions }: Areas): boolean {
  return Boolean(of?.length || countries?.length || subdivisions?.length);
}

/** Every list, also where it is left out. */
export function fillAreas({ continents: of, countries, subdivisions }: Areas): Required<Areas> {
  return { continents: of ?? [], countries: countries ?? [], subdivisions: subdivisions ?? [] };
}

/** Refuses countries that there are not. Nobody keeps a list of all subdivisions here. */
export function refuseUnknownAreas(
  { countries = [], subdivisions = [] }: Areas,
  at: readonly (string | number)[],
  reader: Pick<StepReader, 'refuse'>,
): void {
  for (const [i, country] of countries.entries()) {
    refuseUnknownCountry(country, [...at, 'countries', i], reader);
  }
  for (const [i, code] of subdivisions.entries()) {
    refuseUnknownCountry(code.slice(0, 2), [...at, 'subdivisions', i], reader);
  }
}

export function refuseUnknownCountry(
  code: string,
  at: readonly (string | number)[],
  reader: Pick<StepReader, 'refuse'>,
): void {
  if (continentOf(code) === undefined) reader.refuse(at, `${code} is no country (ISO 3166-1)`);
}

/** What is said of an area, and of which one. */
export interface Named<T> {
  readonly of: T;
  readonly area: string;
}

/** What is said of areas: for a place the most specific one counts, of equal ones the first listed. */
export class AreaBook<T> {
  readonly #subdivisions = new Map<string, T>();
  readonly #countries = new Map<string, T>();
  readonly #continents = new Map<string, T>();
  /** Countries of which subdivisions are named: only there a place has to say its own. */
  readonly detailed = new Set<string>();

  add({ continents: inside = [], countries = [], subdivisions = [] }: Areas, of: T): this {
    for (const code of subdivisions) {
      addFirst(this.#subdivisions, code, of);
      this.detailed.add(code.slice(0, 2));
    }
    for (const code of countries) addFirst(this.#countries, code, of);
    for (const code of inside) addFirst(this.#continents, code, of);
    return this;
  }

  find(place: Place | undefined): Named<T> | undefined {
    return place && this.findAll(place).next().value;
  }

  /** From the most specific area on. */
  *findAll(place: Place): Generator<Named<T>, undefined> {
    const { country } = place;
    if (this.detailed.has(country)) {
      const code = `${country}-${place.subdivision}`;
      const own = this.#subdivisions.get(code);
      if (own !== undefined) yield { of: own, area: code };
    }
    const ofCountry = this.#countries.get(country);
    if (ofCountry !== undefined) yield { of: ofCountry, area: country };
    const continent = continentOf(country);
    const wider = continent && this.#continents.get(continent);
    if (continent !== undefined && wider !== undefined) {
      yield { of: wider, area: continents[continent] };
    }
  }
}

function addFirst<T>(to: Map<string, T>, code: string, of: T): void {
  if (!to.has(code)) to.set(code, of);
}
