// A zone as a master file that reads back the same: one record a line, in canonical order.

import { type Rdata, type RRset, recordTypes, typeName } from '../model/message.ts';
import { type DomainName, formatName, labelsOf } from '../model/name.ts';
import type { Zone } from '../model/settings.ts';
import { staticSets } from './static-sets.ts';

/** A line that is no record, such as a steered name's. */
export interface ExtraLine {
  readonly name: DomainName;
  /** All that stands behind the name. */
  readonly text: string;
}

/**
 * Names in the order of RFC 4034 §6.1, and of each its sets by type, their data in the order of
 * §6.3, then its extra lines; but the SOA stands first of all.
 */
export function* printZone(zone: Zone, extras: readonly ExtraLine[]): Generator<string> {
  const names = new Map<DomainName, { sets: RRset[]; texts: string[] }>();
  const at = (name: DomainName): { sets: RRset[]; texts: string[] } => {
    const known = names.get(name) ?? { sets: [], texts: [] };
    names.set(name, known);
    return known;
  };
  for (const set of staticSets(zone)) at(set.name).sets.push(set);
  for (const { name, text } of extras) at(name).texts.push(text);
  const keyed = Array.from(names, ([name, found]) => ({ key: orderKey(name), name, found }));
  keyed.sort((x, y) => compare(x.key, y.key));
  for (const { name, found } of keyed) {
    const owner = name === '\0' ? '.' : `${formatName(name)}.`;
    const sets = found.sets.toSorted((x, y) => rankOf(x) - rankOf(y));
    for (const { type, ttl, data } of sets) {
      for (const { text } of data.toSorted(compareData)) {
        yield `${owner} ${ttl} IN ${typeName(type)} ${text}`;
      }
    }
    for (const text of found.texts) yield `${owner} ${text}`;
  }
}

function rankOf({ type }: RRset): number {
  return type === recordTypes.SOA ? -1 : type;
}

/** A text that compares as the name does: labels from the root on, a label before those that it begins. */
function orderKey(name: DomainName): string {
  const labels = labelsOf(name).reverse();
  return labels.map((label) => `${shifted(label)}\0`).join('');
}

/** Every octet one higher, so that nothing comes before the end of a label. */
function shifted(label: string): string {
  let text = '';
  for (let i = 0; i < label.length; i++) text += String.fromCharCode(label.charCodeAt(i) + 1);
  return text;
}

function compareData({ wire: x }: Rdata, { wire: y }: Rdata): number {
  const both = Math.min(x.length, y.length);
  for (let i = 0; i < both; i++) {
    if (x[i] !== y[i]) return (x[i] as number) - (y[i] as number);
  }
  return x.length - y.length;
}

function compare(x: string, y: string): number {
  return x < y ? -1 : 1;
}
