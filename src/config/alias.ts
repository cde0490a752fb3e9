// ALIAS records: a second name, be it the apex, for a steered service of ours.

import { type DomainName, formatName } from '../model/name.ts';
import type { Service } from '../model/settings.ts';
import type { ConfigPath } from './document.ts';
import { recordShape } from './shape.ts';
import { readOwnName, type Territory } from './territory.ts';

/** An alias whose target is looked up once every zone has been read. */
export interface PlacedAlias {
  readonly name: DomainName;
  readonly target: DomainName;
  readonly own: Territory;
  readonly at: ConfigPath;
}

/** ALIAS is no type of the DNS: who asks gets what the service answers, under the name that was asked. */
export function isAlias(block: unknown): boolean {
  return (block as { type?: unknown } | null)?.type === 'ALIAS';
}

export function readAliases(
  blocks: readonly unknown[],
  at: ConfigPath,
  own: Territory,
): PlacedAlias[] {
  return blocks.flatMap((block, i) => {
    const here = [...at, i];
    const file = isAlias(block) ? own.reader.shape(recordShape, block, here) : undefined;
    if (file === undefined) return [];
    if (file.ttl !== undefined) {
      own.reader.refuse([...here, 'ttl'], 'an ALIAS has the TTL of its service');
    }
    const name = readOwnName(file.name, [...here, 'name'], own);
    const target = own.reader.domain(file.data, [...here, 'data'], own.apex);
    return name === undefined || target === undefined ? [] : [{ name, target, own, at: here }];
  });
}

/** Each alias as a service of its own, which decides as its target does. */
export function resolveAliases(
  aliases: readonly PlacedAlias[],
  services: ReadonlyMap<DomainName, Service>,
): Service[] {
  return aliases.flatMap(({ name, target, own: { apex, reader }, at }) => {
    const service = services.get(target);
    if (service === undefined) {
      reader.refuse([...at, 'data'], `${formatName(target)} is no steered service of ours`);
      return [];
    }
    if (service.answers === 'cname' && name === apex) {
      const words = 'answers with a CNAME, which cannot stand at the apex';
      reader.refuse([...at, 'data'], `${formatName(target)} ${words}`);
    }
    return [{ ...service, name, zone: apex }];
  });
}
