// Values as people write them, turned into the inside's nouns; what cannot be turned is a fault.

import type { Static, TSchema } from 'typebox';
import type { Fault, FaultCode, SourcePosition } from '../model/fault.ts';
import { formatIp, type Ip, parseIp, parsePrefix, type Prefix } from '../model/ip.ts';
import type { LatencyRow } from '../model/latency.ts';
import { type DomainName, parseName } from '../model/name.ts';
import type { RegionId } from '../model/region.ts';
import type { Endpoint } from '../model/settings.ts';
import {
  formatSpan,
  type Millis,
  millis,
  parseSpan,
  type Seconds,
  seconds,
} from '../model/time.ts';
import type { StepReader } from '../steering/step.ts';
import type { TableBook } from './latency-table.ts';
import { checkPart, checkShape, type ConfigDocument, type ConfigPath } from './document.ts';

/** Reads values of one file and keeps every fault it meets, after those of the file's syntax. */
export class ValueReader {
  readonly faults: Fault[];
  readonly #document: ConfigDocument;
  readonly #tables: TableBook;
  /** One policy may be read for many services: what is wrong with it is told once. */
  readonly #told = new Set<string>();

  constructor(
    { document, faults }: { document: ConfigDocument; faults: Fault[] },
    tables: TableBook = new Map(),
  ) {
    this.#document = document;
    this.#tables = tables;
    this.faults = faults;
  }

  /** Reads on, into the same faults, where some of the places lie in other files. */
  beside(placeOf: (at: ConfigPath) => SourcePosition | undefined): ValueReader {
    const document: ConfigDocument = {
      ...this.#document,
      fault: (code, at, message) => {
        const position = placeOf(at);
        if (position === undefined) return this.#document.fault(code, at, message);
        const path = at.slice(3).map((key) => `/${key}`);
        const own = code === 'config.value' ? 'zone.value' : code;
        return { code: own, path: path.join(''), message, position };
      },
    };
    return new ValueReader({ document, faults: this.faults }, this.#tables);
  }

  refuse(at: ConfigPath, message: string, code: FaultCode = 'config.value'): void {
    const key = JSON.stringify([code, at, message]);
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.faults.push(this.#document.fault(code, at, message));
  }

  /** A fault that lies in the environment and so has no place in the file. */
  refuseVariable(name: string, message: string): void {
    const words = `the environment variable ${name} ${message}`;
    this.faults.push({ code: 'config.value', message: words });
  }

  /** A value whose whole shape is right, or undefined. */
  shape<T extends TSchema>(shape: T, value: unknown, at: ConfigPath): Static<T> | undefined {
    const checked = checkShape(this.#document, shape, value, at);
    this.faults.push(...checked.faults);
    return checked.value;
  }

  /** The settings of a block whose shape is right; `isWhole` when that is all of them. */
  part<T extends TSchema>(
    shape: T,
    value: unknown = this.#document.value,
    at: ConfigPath = [],
  ): { part: Partial<Static<T>>; isWhole: boolean } {
    const { part, faults } = checkPart(this.#document, shape, value, at);
    this.faults.push(...faults);
    return { part, isWhole: faults.length === 0 };
  }

  /** A span between two bounds, all in ms; out of range it is refused and the default stands in. */
  span(
    text: string | undefined,
    at: ConfigPath,
    standard: number,
    min: number,
    max: number,
  ): Millis {
    if (text === undefined) return millis(standard);
    const span = parseSpan(text);
    if (span !== undefined && span >= min && span <= max) return span;
    this.refuse(at, `got ${text}, want a time from ${formatSpan(min)} to ${formatSpan(max)}`);
    return millis(standard);
  }

  /** A TTL in whole seconds. */
  ttl(text: string | undefined, at: ConfigPath, standard: number, min = 0): Seconds {
    const span = this.span(text, at, standard * 1000, min * 1000, 604_800_000);
    if (span % 1000 === 0) return seconds(span / 1000);
    this.refuse(at, `got ${text}, want whole seconds: a TTL has no smaller unit`);
    return seconds(standard);
  }

  /** A name that is complete as it stands, with or without its final dot. */
  /** Without a final dot the name lies below `origin`; without an origin it is complete as it is. */
  domain(text: string, at: ConfigPath, origin?: DomainName): DomainName | undefined {
    const name = text === '@' && origin === undefined ? undefined : parseName(text, origin);
    if (name === undefined) this.refuse(at, `got "${text}", want a domain name`);
    return name;
  }

  ips(texts: readonly string[] | undefined, at: ConfigPath, family: 4 | 6): Ip[] {
    const seen = new Set<string>();
    return (texts ?? []).flatMap((text, i) => {
      const ip = parseIp(text);
      if (ip?.family !== family) {
        this.refuse([...at, i], `got "${text}", want an IPv${family} address`);
        return [];
      }
      if (seen.has(formatIp(ip))) this.refuse([...at, i], `names ${formatIp(ip)} twice`);
      seen.add(formatIp(ip));
      return [ip];
    });
  }

  /** Networks; in IPv6 at most as long as what one site may have, unless told otherwise. */
  prefixes(texts: readonly string[] | undefined, at: ConfigPath, longest = 64): Prefix[] {
    return (texts ?? []).flatMap((text, i) => {
      const prefix = parsePrefix(text);
      const isFine = prefix !== undefined && (prefix.ip.family === 4 || prefix.length <= longest);
      if (isFine) return [prefix];
      const bound = longest < 128 ? ` (IPv6: at most /${longest})` : '';
      const wish = `want a network such as 192.0.2.0/24 or 2001:db8::/32${bound}`;
      this.refuse([...at, i], `got "${text}", ${wish}, with no bit set beyond its length`);
      return [];
    });
  }

  endpoint(text: string, at: ConfigPath): Endpoint {
    const endpoint = parseEndpoint(text);
    if (endpoint !== undefined) return endpoint;
    this.refuse(at, `got "${text}", want an IP address and a port from 0 to 65535`);
    return { host: '127.0.0.1', port: 0 };
  }

  /** For a step that stands at a place, in a chain over these regions. */
  below(at: ConfigPath, regions: readonly RegionId[]): StepReader {
    const region = (text: string, path: ConfigPath): RegionId => {
      const words = `region "${text}" is not one of this service's`;
      const isOurs = regions.includes(text as RegionId);
      if (!isOurs) this.refuse([...at, ...path], words, 'config.reference');
      return text as RegionId;
    };
    return {
      regions,
      refuse: (path, message) => this.refuse([...at, ...path], message),
      prefixes: (texts, path) => this.prefixes(texts, [...at, ...path]),
      asns: (numbers, path) => this.#asns(numbers, [...at, ...path]),
      region,
      regionsIn: (texts, path) => {
        this.refuseRepeats(texts, [...at, ...path]);
        return texts.map((text, i) => region(text, [...path, i]));
      },
      latencies: (file, path) => this.#latencies(file, [...at, ...path]),
    };
  }

  #latencies(file: string, at: ConfigPath): readonly LatencyRow[] | undefined {
    const table = this.#tables.get(file) ?? { reason: 'nobody has read it' };
    if ('rows' in table) {
      this.#asns(
        table.rows.flatMap(({ asn }) => asn ?? []),
        at,
      );
      return table.rows;
    }
    this.refuse(at, `cannot read ${file}: ${table.reason}`);
    return undefined;
  }

  #asns(numbers: readonly number[], at: ConfigPath): void {
    this.refuseRepeats(numbers, at);
    const main = this.#document.value as { geo?: { asn?: unknown } | null } | null;
    if (numbers.length === 0 || main?.geo?.asn !== undefined) return;
    this.refuse(at, 'needs geo.asn: without that file nobody knows which networks are theirs');
  }

  /** Refuses what a list names a second time. */
  refuseRepeats(texts: readonly (string | number)[], at: ConfigPath): void {
    for (const [i, text] of texts.entries()) {
      if (texts.indexOf(text) < i) this.refuse([...at, i], `names ${text} twice`);
    }
  }
}

/** What can be told of a fault, for those who read nothing. */
export type Refuser = Pick<ValueReader, 'refuse'>;

/** `127.0.0.1:5300` or `[::1]:5300`; the host is an address, because names could move under us. */
export function parseEndpoint(text: string): Endpoint | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || !(port <= 65_535) || parseIp(host) === undefined) return undefined;
  return { host, port };
}

/** A list as a variable of the environment holds it; undefined when it is unset or empty. */
export function splitList(text: string | undefined): string[] | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  return text.split(',').map((part) => part.trim());
}
