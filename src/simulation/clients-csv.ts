// An operator's own population: a client histogram as CSV, line by line.

import { readRow } from '../model/client-row.ts';
import { type DomainName, parseName } from '../model/name.ts';
import { formatShare } from '../model/number.ts';
import type { Crowd, Population } from './population.ts';
import { CrowdBuilder } from './row-builder.ts';

/** More rows than that are refused, before they fill the memory. */
const mostRows = 2_000_000;

/** Sums stay exact up to here. */
const mostUnits = 2 ** 52;

/** Takes the lines of a file and gives the population, or says why there is none. */
export class ClientsReader {
  readonly #all = new CrowdBuilder();
  readonly #byName = new Map<DomainName, CrowdBuilder>();
  readonly #names: ReadonlySet<DomainName>;
  readonly #most: number;
  #line = 0;
  #rows = 0;
  #strange = 0;
  #byResolver = 0;

  /** `names` are those that are simulated: rows of others count for nobody. */
  constructor(names: ReadonlySet<DomainName>, most = mostRows) {
    this.#names = names;
    this.#most = most;
  }

  /** Words for what is wrong with a line; undefined when nothing is. Comments and the header are passed over. */
  take(line: string): string | undefined {
    this.#line++;
    if (line === '' || line.startsWith('#') || this.#isHead(line)) return undefined;
    const row = readRow(line);
    if (row === undefined) {
      return `line ${this.#line} is no "network,weight,name,by" with a public or private network and a whole number`;
    }
    if (++this.#rows > this.#most) return `it has more than ${this.#most} rows`;
    if (row.by === 'resolver') this.#byResolver += row.weight;
    this.#builderOf(row.name)?.add(row.network, row.weight);
    return undefined;
  }

  #isHead(line: string): boolean {
    return this.#rows === 0 && /^(?:\uFEFF|\u00EF\u00BB\u00BF)?network/.test(line);
  }

  #builderOf(text: string): CrowdBuilder | undefined {
    if (text === '') return this.#all;
    const name = parseName(text);
    if (name === undefined || !this.#names.has(name)) {
      this.#strange++;
      return undefined;
    }
    const builder = this.#byName.get(name) ?? new CrowdBuilder();
    this.#byName.set(name, builder);
    return builder;
  }

  /** Where some rows name names, a name without any has those that name none. */
  finish(source: string): Population | string {
    const builders = [this.#all, ...this.#byName.values()];
    const weight = builders.reduce((sum, builder) => sum + builder.weight, 0);
    if (weight === 0) return 'no row of it weighs anything for a name that is simulated';
    const unitsPerClient = Math.min(1000, mostUnits / weight);
    const byName = new Map<DomainName, Crowd>();
    for (const [name, builder] of this.#byName) byName.set(name, builder.finish(unitsPerClient));
    const notes = [
      this.#strange === 0 ? '' : `${this.#strange} of its rows are of other names`,
      this.#byResolver === 0
        ? ''
        : `${formatShare(this.#byResolver / weight)} of it resolvers that name no client`,
    ].filter((note) => note !== '');
    return {
      source: notes.length === 0 ? source : `${source} (${notes.join(', ')})`,
      unitsPerClient,
      crowd: this.#all.finish(unitsPerClient),
      byName,
    };
  }
}
