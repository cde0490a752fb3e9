// A master file (RFC 1035 §5) → records in a table, and every fault with file, line and column.
//
// npm's parsers of such files lose escapes and places, so this one is our own.

import type { FaultCode, SourcePosition } from '../../model/fault.ts';
import { recordTypes } from '../../model/message.ts';
import { type DomainName, formatName, isAtOrBelow, parseName } from '../../model/name.ts';
import { readRdata } from '../../wire/rdata.ts';
import type { SourceFile } from '../document.ts';
import { checkMaster } from './check.ts';
import { Collector, mostRecords } from './collect.ts';
import { Complaints } from './complaints.ts';
import { type Entry, EntryReader, placeIn } from './entries.ts';
import { type EntryHead, readHead } from './entry-head.ts';
import { parseTime } from './ttl.ts';
import type { Extension, MasterWish, MasterZone } from './zone.ts';

/** Finds an included file, named as in the file that includes it; or says in words why it cannot. */
export type OpenInclude = (name: string, from: string) => SourceFile | { readonly reason: string };

/** Files within files, files in all, and steered names: more is a mistake or an enemy's. */
const limits = { depth: 8, files: 1000, extensions: 10_000 };

/** Never throws, whatever the files hold. */
export function readMaster(wish: MasterWish, main: SourceFile, open: OpenInclude): MasterZone {
  const reading = new Reading(wish, open);
  reading.read(main, wish.apex, []);
  return reading.finish(main.path);
}

/** One file, and what holds in it until a line says otherwise. */
interface Standing {
  readonly source: SourceFile;
  /** Its number among all files. */
  readonly file: number;
  /** This file and those that lead to it. */
  readonly trail: readonly string[];
  origin: DomainName;
  /** `none` before the first, `faulty` after one that is no name of the zone's. */
  owner: DomainName | 'none' | 'faulty';
}

class Reading {
  readonly #wish: MasterWish;
  readonly #open: OpenInclude;
  readonly #collector: Collector;
  readonly #complaints = new Complaints();
  readonly #extensions: Extension[] = [];
  readonly #files: string[] = [];
  /** RFC 2308 §4: the TTL of records that have none. */
  #standardTtl: number | undefined;
  /** RFC 1035 §5.1: where nothing else is said, the last one stated. */
  #lastTtl: number | undefined;

  constructor(wish: MasterWish, open: OpenInclude) {
    this.#wish = wish;
    this.#open = open;
    this.#collector = new Collector(wish);
  }

  read(source: SourceFile, origin: DomainName, trail: readonly string[]): void {
    const file = this.#files.push(source.path) - 1;
    const standing: Standing = {
      source,
      file,
      trail: [...trail, source.path],
      origin,
      owner: 'none',
    };
    const reader = new EntryReader(source.text);
    for (let entry = reader.next(); entry !== undefined; entry = reader.next()) {
      const { fault, hasOwner, words } = entry;
      if (this.#collector.isFull) return this.#refuse(standing, entry, 0, tooMany);
      if (fault !== undefined) {
        this.#complain('zone.syntax', this.#positionOf(standing, entry, fault.at), fault.message);
      } else if (hasOwner && words[0]?.startsWith('$') === true) this.#direct(standing, entry);
      else this.#readRecord(standing, entry);
    }
  }

  finish(path: string): MasterZone {
    const files = this.#files;
    const read = { path: this.#wish.path, ...this.#collector.finish(), files };
    const zone = { ...read, extensions: this.#extensions, lost: [], faults: [] };
    const lost = checkMaster(this.#wish, zone, this.#complaints);
    return { ...zone, lost, faults: this.#complaints.list(path) };
  }

  #direct(standing: Standing, entry: Entry): void {
    const [directive = '', first = '', ...rest] = entry.words;
    const refuse = (message: string): void => this.#refuse(standing, entry, 1, message);
    switch (directive.toUpperCase()) {
      case '$ORIGIN': {
        const origin = rest.length > 0 ? undefined : parseName(first, standing.origin);
        if (origin === undefined) refuse('want $ORIGIN and a domain name');
        else standing.origin = origin;
        return;
      }
      case '$TTL': {
        const ttl = rest.length > 0 ? undefined : parseTime(first);
        if (ttl === undefined) refuse('want $TTL and a time such as 3600 or 1h');
        else this.#standardTtl = ttl;
        return;
      }
      case '$INCLUDE':
        return this.#include(standing, entry);
      case '$GENERATE':
        return refuse('$GENERATE is an extension of BIND: write the records out');
      default:
        refuse(`got ${directive}, want $ORIGIN, $TTL or $INCLUDE`);
    }
  }

  /** RFC 1035 §5.1: the included file changes neither origin nor owner of this one. */
  #include(standing: Standing, entry: Entry): void {
    const { source, trail } = standing;
    const [, word = '', originWord = '@', ...rest] = entry.words;
    const refuse = (message: string): void => this.#refuse(standing, entry, 1, message);
    const name = word.replace(/^"(.*)"$/, '$1').replaceAll(/\\(.)/g, '$1');
    const origin = parseName(originWord, standing.origin);
    if (name === '' || origin === undefined || rest.length > 0) {
      return refuse('want $INCLUDE, a file and perhaps a domain name');
    }
    if (trail.length > limits.depth) return refuse(`is more than ${limits.depth} files deep`);
    if (this.#files.length >= limits.files) return refuse(`is more than ${limits.files} files`);
    const found = this.#open(name, source.path);
    if ('reason' in found) return refuse(`cannot read ${name}: ${found.reason}`);
    if (trail.includes(found.path)) return refuse(`${name} includes itself`);
    this.read(found, origin, trail);
  }

  #readRecord(standing: Standing, entry: Entry): void {
    if (entry.hasOwner) standing.owner = this.#readOwner(standing, entry);
    if (standing.owner === 'none') {
      return this.#refuse(standing, entry, 0, 'no name stands here, nor before it');
    }
    const head = readHead(entry.words, entry.hasOwner ? 1 : 0);
    if ('message' in head) return this.#refuse(standing, entry, head.word, head.message);
    if (standing.owner !== 'faulty') this.#readData(standing, entry, standing.owner, head);
  }

  #readOwner(standing: Standing, entry: Entry): DomainName | 'faulty' {
    const word = entry.words[0] as string;
    const name = word.startsWith('"') ? undefined : parseName(word, standing.origin);
    if (name !== undefined && isAtOrBelow(name, this.#wish.apex)) return name;
    if (name === undefined) this.#refuse(standing, entry, 0, `got ${word}, want a domain name`);
    else {
      const words = `lies outside the zone ${formatName(this.#wish.apex)}`;
      this.#refuse(standing, entry, 0, `${formatName(name)} ${words}`, 'zone.value');
    }
    return 'faulty';
  }

  #readData(
    standing: Standing,
    entry: Entry,
    name: DomainName,
    { ttl: stated, kind, next }: EntryHead,
  ): void {
    const words = entry.words.slice(next);
    const { origin, file } = standing;
    if (typeof kind === 'string') {
      if (this.#extensions.length >= limits.extensions) {
        return this.#refuse(standing, entry, 0, `is more than ${limits.extensions} steered names`);
      }
      const position = this.#positionOf(standing, entry, entry.starts[next - 1] as number);
      this.#extensions.push({ kind, name, origin, ttl: stated, words, position });
      return;
    }
    const ttl = stated ?? this.#standardTtl ?? this.#lastTtl;
    if (ttl === undefined) {
      const message = 'has no TTL: give it one, or put $TTL before it';
      return this.#refuse(standing, entry, next - 1, message);
    }
    if (stated !== undefined) this.#lastTtl = stated;
    const data = readRdata(kind, kind === recordTypes.SOA ? soaWords(words) : words, origin);
    if (typeof data === 'string') return this.#refuse(standing, entry, next, data);
    const place = { file, line: entry.line };
    const misfit = this.#collector.add(name, kind, ttl, data.wire, place);
    if (misfit !== undefined) this.#refuse(standing, entry, 0, misfit, 'zone.value');
  }

  /** At one of its words; at the last, where it has fewer. */
  #refuse(
    standing: Standing,
    entry: Entry,
    word: number,
    message: string,
    code: FaultCode = 'zone.syntax',
  ): void {
    const at = entry.starts[word] ?? entry.starts.at(-1) ?? entry.start;
    this.#complain(code, this.#positionOf(standing, entry, at), message);
  }

  #complain(code: FaultCode, position: SourcePosition, message: string): void {
    this.#complaints.add(code, position, message);
  }

  #positionOf({ source }: Standing, entry: Entry, at: number): SourcePosition {
    return { file: source.path, ...placeIn(source.text, entry, at) };
  }
}

const tooMany = `from here on nothing is read: want at most ${mostRecords} records`;

/** The times of a SOA may have units, as BIND writes them. */
function soaWords(words: readonly string[]): string[] {
  return words.map((word, i) => (i < 3 ? word : String(parseTime(word) ?? word)));
}
