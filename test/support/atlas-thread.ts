// A thread that is posted geography, and says where clients are and who answers them.

import { parentPort } from 'node:worker_threads';
import { type Atlas, placeOf } from '../../src/model/atlas.ts';
import type { Ip } from '../../src/model/ip.ts';
import type { Place } from '../../src/model/place.ts';
import { scopeOf, valueOf } from '../../src/model/ranges.ts';
import { type Seed, seedAt } from '../../src/steering/seeds.ts';
import type { AreaMap } from '../../src/steering/snapshot.ts';

export interface Posted {
  readonly atlas: Atlas;
  readonly areas: ReadonlyMap<string, AreaMap>;
  readonly clients: readonly Ip[];
}

export interface Found {
  readonly place: Place | undefined;
  /** Of its class in the first of the maps. */
  readonly seed: Seed;
  readonly scope: number;
}

parentPort?.on('message', ({ atlas, areas, clients }: Posted) => {
  const [map] = areas.values() as Iterable<AreaMap>;
  if (map === undefined) throw new Error('no map was posted');
  const find = (client: Ip): Found => ({
    place: placeOf(atlas, client),
    seed: seedAt(map.seeds, valueOf(map.ranges, client)),
    scope: scopeOf(map.ranges, client),
  });
  const found = clients.map(find);
  // Whoever posted it sees this only where both threads have the same memory.
  atlas.countries[1] = 0;
  parentPort?.postMessage(found, []);
});
