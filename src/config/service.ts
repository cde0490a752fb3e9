// Services of a zone: steered names with their regions, policy and TTLs.

import type { RegionId } from '../model/region.ts';
import type { Service } from '../model/settings.ts';
import type { ConfigPath } from './document.ts';
import { readOwnName, type Territory } from './territory.ts';
import { readPolicy } from './policy.ts';
import type { RegionBook } from './region.ts';
import { serviceShape } from './shape.ts';

export interface PlacedService {
  readonly service: Service;
  readonly at: ConfigPath;
}

export function readServices(
  blocks: readonly unknown[],
  at: ConfigPath,
  own: Territory,
  book: RegionBook,
): PlacedService[] {
  return blocks.flatMap((block, i) => {
    const service = readService(block, [...at, i], own, book);
    return service === undefined ? [] : [{ service, at: [...at, i] }];
  });
}

function readService(
  raw: unknown,
  at: ConfigPath,
  own: Territory,
  book: RegionBook,
): Service | undefined {
  const { reader } = own;
  const { part: file } = reader.part(serviceShape, raw, at);
  const { regions, ttl } = file;
  for (const [i, id] of (regions ?? []).entries()) {
    if (book.regions.has(id as RegionId)) continue;
    reader.refuse([...at, 'regions', i], `there is no file regions/${id}.yaml`, 'config.reference');
  }
  reader.refuseRepeats(regions ?? [], [...at, 'regions']);
  // Without the service's regions nobody can tell what its policy may name.
  const steps =
    regions === undefined ? [] : readPolicy(file.policy, [...at, 'policy'], regions, reader);
  const stable = reader.ttl(ttl?.stable, [...at, 'ttl', 'stable'], 30, 1);
  const short = reader.ttl(ttl?.short, [...at, 'ttl', 'short'], Math.min(10, stable), 1);
  if (short > stable) {
    reader.refuse([...at, 'ttl', 'short'], `is ${short}s, which is above the stable ${stable}s`);
  }
  const name = file.name === undefined ? undefined : readOwnName(file.name, [...at, 'name'], own);
  if (name === undefined || regions === undefined) return undefined;
  return {
    name,
    zone: own.apex,
    regions: regions as RegionId[],
    steps,
    ttl: { stable, short },
    usesSubnet: file.clientSubnet ?? true,
  };
}
