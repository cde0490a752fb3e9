// Names as they are asked: one that is asked again is found by its octets, not made anew.

import type { DomainName } from '../model/name.ts';

/** How many names are kept; of two that fall on one place the later one stays. */
const places = 1024;

const kept: DomainName[] = Array<DomainName>(places).fill('' as DomainName);

/** A name in the making: longer than any, and never seen from outside. */
const scratch = Buffer.alloc(255);

/**
 * The name that lies from `start` to `end`, lower-cased in ASCII only (RFC 4343 §3). Equal ones are
 * mostly one string, whose hash is known to every table that looks for it.
 */
export function nameBetween(bytes: Uint8Array, start: number, end: number): DomainName {
  const size = end - start;
  let hash = size;
  for (let i = 0; i < size; i++) {
    const octet = bytes[start + i] as number;
    const lower = octet >= 65 && octet <= 90 ? octet + 32 : octet;
    scratch[i] = lower;
    hash = Math.imul(hash ^ lower, 0x01000193);
  }
  const place = (hash ^ (hash >>> 15)) & (places - 1);
  const last = kept[place] as DomainName;
  if (isInScratch(last, size)) return last;
  const name = scratch.toString('latin1', 0, size) as DomainName;
  kept[place] = name;
  return name;
}

function isInScratch(name: DomainName, size: number): boolean {
  if (name.length !== size) return false;
  for (let i = 0; i < size; i++) if (name.charCodeAt(i) !== scratch[i]) return false;
  return true;
}
