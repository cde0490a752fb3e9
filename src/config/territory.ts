// Names in a zone: each belongs to the innermost zone that it lies in.

import { type DomainName, formatName, isAtOrBelow, parseName } from '../model/name.ts';
import type { ConfigPath } from './document.ts';
import type { ValueReader } from './values.ts';

/** A zone in which names are read. */
export interface Territory {
  readonly apex: DomainName;
  /** Zones below this one, whose names are theirs. */
  readonly inner: readonly DomainName[];
  readonly reader: ValueReader;
}

export function readOwnName(
  text: string,
  at: ConfigPath,
  { apex, inner, reader }: Territory,
): DomainName | undefined {
  const name = parseName(text, apex);
  if (name === undefined || !isAtOrBelow(name, apex)) {
    reader.refuse(at, `got "${text}", want a name inside ${formatName(apex)}`);
    return undefined;
  }
  const owner = inner.find((other) => isAtOrBelow(name, other));
  if (owner === undefined) return name;
  reader.refuse(at, `${formatName(name)} belongs to the zone ${formatName(owner)}`);
  return undefined;
}
