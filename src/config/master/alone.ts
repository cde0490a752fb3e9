// A master file by itself: checked by the same code, as if it were the whole configuration.

import type { Fault } from '../../model/fault.ts';
import { recordTypes } from '../../model/message.ts';
import { type DomainName, formatName, parseName, rootName } from '../../model/name.ts';
import { regionIdPattern } from '../../shape.ts';
import { checkConfig, type ConfigFiles } from '../check.ts';
import { readyMade } from '../policy.ts';
import { readHead } from './entry-head.ts';
import { EntryReader } from './entries.ts';
import type { MasterZone } from './zone.ts';

/**
 * The zone that a file is of, where it says so itself: its first `$ORIGIN`, or the whole name that
 * has the SOA.
 */
export function originIn(text: string): DomainName | undefined {
  const reader = new EntryReader(text);
  for (let entry = reader.next(); entry !== undefined; entry = reader.next()) {
    const [first = '', second = ''] = entry.words;
    const isOrigin = first.toUpperCase() === '$ORIGIN';
    const name = isOrigin ? second : first;
    const head = readHead(entry.words, 1);
    const isSoa = 'kind' in head && head.kind === recordTypes.SOA;
    if (!entry.hasOwner || (!isOrigin && !isSoa)) continue;
    return name.endsWith('.') ? parseName(name, rootName) : undefined;
  }
  return undefined;
}

/** Regions and policies that its steered names speak of are taken to be there. */
export function checkAlone(
  zone: MasterZone,
  apex: DomainName,
  digest: (text: string) => string,
): readonly Fault[] {
  const steered = zone.extensions.filter(({ kind }) => kind === 'STEER');
  const words = steered.flatMap((line) => line.words.filter((word) => !/[="]/.test(word)));
  const regions = new Set(words.filter((word) => new RegExp(regionIdPattern).test(word)));
  const chains = steered.flatMap(({ words: [policy = ''] }) =>
    /^[a-z0-9][a-z0-9-]{0,63}$/.test(policy) && !Object.hasOwn(readyMade, policy) ? [policy] : [],
  );
  const region =
    'title: x\ncountry: CH\nlatitude: 0\nlongitude: 0\nipv4: [192.0.2.1]\ncname: x.test.\n';
  const main = {
    director: { id: 'a', region: 'a' },
    policies: Object.fromEntries(chains.map((name) => [name, ['nearest']])),
    zones: [{ name: `${formatName(apex)}.`, file: zone.path }],
  };
  const files: ConfigFiles = {
    main: { path: zone.path, text: JSON.stringify(main) },
    regions: Array.from(regions, (id) => ({ path: `regions/${id}.yaml`, text: region })),
    secrets: new Map(),
    masters: new Map([[apex, zone]]),
    digest: '',
    modifiedAt: 0,
  };
  const checked = checkConfig(files, {}, digest);
  return checked.ok ? [] : checked.faults;
}
