// What a soak does to a fleet at random; each harm ends, and none silences more than one director.

import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FleetRegion, fleetRegions } from '../../support/fleet-process.ts';
import { buildQuery } from '../../support/query.ts';
import { type Post, postAt, type SiteFleet } from '../../support/sites/fleet.ts';
import type { Site } from '../../support/sites/link.ts';
import { changeBetween, type Network } from '../../support/sites/network.ts';

export interface Harm {
  readonly name: string;
  /** Lasts as long as it does, and leaves everything whole. */
  readonly inflict: () => Promise<void>;
}

/** Only this region's director is ever stopped or killed: the memory of the others is watched. */
export const mortal: FleetRegion = 'ap';

export const among = <T>(list: readonly T[]): T =>
  list[Math.floor(Math.random() * list.length)] as T;

const between = (low: number, high: number): number => low + Math.random() * (high - low);

const hold = (): Promise<void> => sleep(between(1500, 8000));

const everywhere: readonly Site[] = [...fleetRegions, 'client'];

/** One of these at a time, so that two directors can always be reached. */
export function harmsOfWires(network: Network, fleet: SiteFleet): readonly Harm[] {
  const post = postAt(fleet.posts, mortal);
  const wire = (name: string, start: () => void): Harm => ({
    name,
    inflict: async () => {
      start();
      await hold();
      network.mendAll();
    },
  });
  const cut = { link: { isCut: true } };
  return [
    wire('region cut off', () => changeBetween(network, [among(fleetRegions)], everywhere, cut)),
    wire('two regions cut from each other', () => {
      const one = among(fleetRegions);
      changeBetween(network, [one], [among(fleetRegions.filter((each) => each !== one))], cut);
    }),
    wire('region not heard', () => {
      const from = among(fleetRegions);
      for (const to of everywhere) if (to !== from) network.change({ from, to, ...cut });
    }),
    wire('Redis cut off', () => {
      changeBetween(network, [among(fleetRegions)], everywhere, { only: 'redis', ...cut });
    }),
    wire('20 % lost', () =>
      changeBetween(network, everywhere, everywhere, { link: { loss: 0.2 } }),
    ),
    wire('300 ms there and back', () => {
      const link = { delayMs: 140, jitterMs: 20 };
      changeBetween(network, everywhere, everywhere, { link });
    }),
    {
      name: 'director stopped',
      inflict: async () => {
        post.director.signal('SIGSTOP');
        await hold();
        post.director.signal('SIGCONT');
      },
    },
    {
      name: 'director killed',
      inflict: async () => {
        await post.director.stop('SIGKILL');
        await sleep(between(0, 3000));
        await fleet.restart(mortal);
      },
    },
  ];
}

/** One of these at a time, beside one of those above. */
export function harmsOfParts(network: Network, fleet: SiteFleet): readonly Harm[] {
  const any = (): Post => postAt(fleet.posts, among(fleetRegions));
  return [
    ...harmsOfServers(any),
    ...harmsByPeople(fleet, any),
    ...harmsByStrangers(network, fleet),
  ];
}

function harmsOfServers(any: () => Post): readonly Harm[] {
  return [
    {
      name: 'Redis killed',
      inflict: async () => {
        const { redis } = any();
        await redis.kill();
        await hold();
        await redis.restart();
      },
    },
    {
      name: 'Redis servers stopped',
      inflict: async () => {
        const some = [any(), any(), any()];
        for (const { redis } of some) redis.pause();
        await hold();
        for (const { redis } of some) redis.resume();
      },
    },
    {
      name: 'origin killed',
      inflict: async () => {
        const { origin } = any();
        await origin.kill();
        await hold();
        await origin.restart();
      },
    },
    {
      name: 'origin stopped',
      inflict: async () => {
        const { origin } = any();
        origin.signal('SIGSTOP');
        await hold();
        origin.signal('SIGCONT');
      },
    },
    {
      name: 'disk full',
      inflict: async () => {
        const { disk } = any();
        disk.fill();
        await hold();
        disk.free();
      },
    },
  ];
}

function harmsByPeople(fleet: SiteFleet, any: () => Post): readonly Harm[] {
  return [
    {
      name: 'override',
      inflict: async () => {
        // Somebody who cannot reach one director asks another.
        const by = among(fleetRegions.filter((region) => region !== mortal));
        const { id } = await fleet.drain(by, among(fleetRegions), '1m');
        await hold();
        await fleet.undrain(by, id);
      },
    },
    {
      name: 'files changed',
      inflict: async () => {
        const { folder } = any();
        const region = among(fleetRegions);
        const name = `regions/${region}.yaml`;
        const rest = readFileSync(join(folder.folder, name), 'utf8').replace(/^weight: .*\n/m, '');
        folder.write(name, `${rest}weight: ${Math.floor(between(1, 1000))}\n`);
        await hold();
      },
    },
    {
      name: 'faulty files',
      inflict: async () => {
        const { folder } = any();
        const region = among(fleetRegions);
        const name = `regions/${region}.yaml`;
        const good = readFileSync(join(folder.folder, name), 'utf8');
        folder.write(name, good.replace(/^latitude: .*$/m, 'latitude: north'));
        await hold();
        folder.write(name, good);
      },
    },
  ];
}

function harmsByStrangers(network: Network, fleet: SiteFleet): readonly Harm[] {
  const bursts = (over: 'udp' | 'tcp', service: 'dns' | 'http', count: number): Harm => ({
    name: `garbage to ${service} over ${over}`,
    inflict: async () => {
      const to = await network.reach('client', among(fleetRegions), service);
      await fleet.resolver.send(over, to, Array.from({ length: count }, garbage));
    },
  });
  return [
    bursts('udp', 'dns', 300),
    bursts('tcp', 'dns', 30),
    bursts('tcp', 'http', 30),
    {
      name: 'garbage on a board',
      inflict: async () => {
        const region = among(fleetRegions);
        const slot = among(['vote.eu-1', 'vote.nobody', 'override.us', 'x']);
        const { host, port } = network.own(region, 'redis');
        const text = garbage().toString('latin1').replaceAll('\0', '');
        const calls = [
          ['SET', `meridian:1:slot:${slot}`, text, 'PX', '20000'],
          ['ZADD', 'meridian:1:index', String(Date.now() + 20_000), slot],
        ];
        for (const call of calls) {
          const words = [
            ...network.prefix(region),
            'redis-cli',
            '-h',
            host,
            '-p',
            String(port),
            ...call,
          ];
          spawnSync(words[0] ?? '', words.slice(1), { timeout: 2000 });
        }
        await sleep(1000);
      },
    },
  ];
}

/** Noise, or a good query with some octets changed or cut away. */
function garbage(): Buffer {
  if (Math.random() < 0.3) return randomBytes(Math.floor(between(0, 600)));
  const query = Buffer.from(buildQuery({ name: 'www.example.test', subnet: '141.20.0.0/24' }));
  for (let i = 0; i < between(1, 6); i++) {
    query[Math.floor(between(0, query.length))] = Math.floor(between(0, 256));
  }
  return Math.random() < 0.3 ? query.subarray(0, Math.floor(between(0, query.length))) : query;
}
