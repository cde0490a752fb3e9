// Record sets laid out as they stand behind a question, with their owner names compressed.

import { type RRset, classIn } from '../model/message.ts';
import { type DomainName, parentOf, rootName } from '../model/name.ts';
import { headerSize, putUint16 } from './octets.ts';

/** Octets of a record between owner name and data: type, class, TTL, data length. */
const fixedSize = 10;

/** A pointer has 14 bits (RFC 1035 §4.1.4). */
const pointerLimit = 0x4000;

export interface Layout {
  readonly octets: Uint8Array;
  /** Where each set ends, counted from the first octet of the first set. */
  readonly ends: readonly number[];
}

/** The name's first place in the message, for every name that a pointer can reach. */
type Places = Map<DomainName, number>;

/**
 * Writes the sets one behind the other. Only owner names become pointers: to the question or to an
 * owner before them. Names inside data stay whole, as RFC 3597 §4 wants for all but the oldest
 * types and RFC 2782 for SRV.
 */
export function layOut(
  question: DomainName,
  sets: readonly RRset[],
  recordClass = classIn,
): Layout {
  const start = headerSize + question.length + 4;
  // Most answers have no other owner than the question, and need no more than its own place.
  let places: Places | undefined;
  const octets = new Uint8Array(sets.reduce((sum, set) => sum + longest(set), 0));
  const ends: number[] = [];
  let at = 0;
  for (const set of sets) {
    const isAsked = set.name === question && question !== rootName;
    for (const { wire } of set.data) {
      at = isAsked
        ? writePointer(octets, at, headerSize)
        : writeOwner(octets, at, set.name, (places ??= placesIn(question)), start);
      putUint16(octets, at, set.type);
      putUint16(octets, at + 2, recordClass);
      putUint16(octets, at + 4, set.ttl >>> 16);
      putUint16(octets, at + 6, set.ttl);
      putUint16(octets, at + 8, wire.length);
      octets.set(wire, at + fixedSize);
      at += fixedSize + wire.length;
    }
    ends.push(at);
  }
  return { octets: octets.slice(0, at), ends };
}

/** Every name that the question ends with. */
function placesIn(question: DomainName): Places {
  const places: Places = new Map();
  for (let name: DomainName | undefined = question; name !== undefined; name = parentOf(name)) {
    places.set(name, headerSize + question.length - name.length);
  }
  return places;
}

/** Octets that a set takes without compression. */
function longest(set: RRset): number {
  return set.data.reduce((sum, { wire }) => sum + set.name.length + fixedSize + wire.length, 0);
}

function writePointer(octets: Uint8Array, at: number, place: number): number {
  putUint16(octets, at, 0xc000 | place);
  return at + 2;
}

function writeOwner(
  octets: Uint8Array,
  from: number,
  owner: DomainName,
  places: Places,
  start: number,
): number {
  let at = from;
  let rest: DomainName | undefined = owner;
  while (rest !== undefined && rest !== rootName) {
    const place = places.get(rest);
    if (place !== undefined) return writePointer(octets, at, place);
    if (start + at < pointerLimit) places.set(rest, start + at);
    const next = at + rest.charCodeAt(0) + 1;
    for (let i = at; i < next; i++) octets[i] = rest.charCodeAt(i - at);
    at = next;
    rest = parentOf(rest);
  }
  octets[at] = 0;
  return at + 1;
}
