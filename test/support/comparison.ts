// A comparison of small numbers for tests of what is drawn of it: the eight regions, with one of them down.

import { distanceKm } from '../../src/model/place.ts';
import { millis, seconds } from '../../src/model/time.ts';
import { assumedCaches } from '../../src/simulation/caches.ts';
import { type Cell, cellDegrees, type Comparison } from '../../src/simulation/comparison.ts';
import { curveOf, type Failover } from '../../src/simulation/curve.ts';
import { causes, type Drill } from '../../src/simulation/drill.ts';
import type { SimulationReport } from '../../src/page/simulation/page.ts';
import type { RegionId } from '../../src/model/region.ts';
import { cities } from './cities.ts';

/** Where the shipped regions stand. */
export const places: SimulationReport['places'] = new Map(
  (
    [
      ['eu-west', 'Dublin', 53.35, -6.26],
      ['eu-central', 'Frankfurt', 50.11, 8.68],
      ['us-east', 'Ashburn, Virginia', 39.04, -77.49],
      ['us-west', 'Portland, Oregon', 45.52, -122.68],
      ['sa-east', 'São Paulo', -23.55, -46.63],
      ['ap-northeast', 'Tokyo', 35.68, 139.65],
      ['ap-southeast', 'Singapore', 1.35, 103.82],
      ['af-south', 'Cape Town', -33.92, 18.42],
    ] as const
  ).map(([id, title, latitude, longitude]) => [
    id,
    { title, coordinates: { latitude, longitude } },
  ]),
);

/** Each city with four squares on every side of it, as if its clients lived there. */
export function aComparison(down = 'eu-west'): Comparison {
  const cells = new Map<string, Cell>();
  for (const city of cities) {
    for (let step = 0; step < 81; step++) {
      const [south, east] = [Math.floor(step / 9) - 4, (step % 9) - 4];
      const latitude = Math.floor(city.latitude / cellDegrees + south) * cellDegrees;
      const longitude = Math.floor(city.longitude / cellDegrees + east) * cellDegrees;
      const key = `${latitude} ${longitude}`;
      const share = 1 / (1 + south ** 2 + east ** 2) + (cells.get(key)?.share ?? 0);
      const before = nearest(latitude, longitude, '');
      const after = nearest(latitude, longitude, down);
      cells.set(key, { latitude, longitude, share, moved: 0, before, after });
    }
  }
  const whole = [...cells.values()].reduce((sum, { share }) => sum + share, 0);
  const shares = [...cells.values()].map((cell) => {
    const share = cell.share / whole;
    return { ...cell, share, moved: cell.before === cell.after ? 0 : share };
  });
  return comparisonOf(
    shares.toSorted((a, b) => a.latitude - b.latitude || a.longitude - b.longitude),
  );
}

function nearest(latitude: number, longitude: number, without: string): string {
  const away = ([id, { coordinates }]: readonly [
    string,
    { coordinates: Parameters<typeof distanceKm>[1] },
  ]) =>
    id === without ? Number.POSITIVE_INFINITY : distanceKm({ latitude, longitude }, coordinates);
  return [...places].toSorted((one, other) => away(one) - away(other))[0]?.[0] ?? '';
}

function comparisonOf(cells: readonly Cell[]): Comparison {
  const sum = (some: readonly Cell[]): number =>
    some.reduce((total, { share }) => total + share, 0);
  const load = 40_000;
  const regions = [...places.keys()].map((region) => {
    const before = sum(cells.filter((cell) => cell.before === region));
    const after = sum(cells.filter((cell) => cell.after === region));
    const capacity = 10_000;
    const [shareBefore, shareAfter] = [(before * load) / capacity, (after * load) / capacity];
    return {
      region,
      before,
      after,
      load: { before: before * load, after: after * load, capacity, shareBefore, shareAfter },
    };
  });
  const moving = cells.filter(({ before, after }) => before !== after);
  const targets = [...new Set(moving.map(({ after }) => after))];
  const moves = targets.map((to) => ({
    from: moving[0]?.before ?? null,
    to,
    share: sum(moving.filter(({ after }) => after === to)),
    countries: [{ of: 'GB', share: 0.05 }],
    systems: [{ of: 'AS64496', share: 0.01 }],
  }));
  const moved = sum(moving);
  const farther = { km: 1000, share: 0.021 };
  const slower = { ms: 50, share: 0.012, by: 'distance' } as const;
  return {
    population: { source: 'cities of the tests', clients: 5_400_000_000 },
    load,
    services: [
      {
        name: 'www.example.test',
        clients: 5_400_000_000,
        moved,
        unlocated: 0.012,
        regions,
        moves,
        countries: [
          { country: 'GB', share: 0.05, moved: 0.05, before: 'eu-west', after: 'eu-central' },
          { country: 'DE', share: 0.04, moved: 0, before: 'eu-central', after: 'eu-central' },
          { country: '', share: 0.01, moved: 0, before: null, after: null },
        ],
        distance: { before: { median: 1810, p95: 4210 }, after: { median: 1990, p95: 4433 } },
        farther,
        slower,
        states: { before: { healthy: 1 }, after: { healthy: 0.998, 'fail-open': 0.002 } },
        scopes: { before: 1012, after: 998 },
        cells,
      },
    ],
    added: [],
    removed: [],
    total: { moved, farther, slower, moves },
    regions,
  };
}

/** With the defaults, three observers, and the region lost. */
export function aDrill(): Drill {
  const failover = (cause: Drill['cause']): Failover => ({
    detection: {
      cause,
      probes: { interval: millis(5000), timeout: millis(2000), downAfter: 3 },
      observers: 3,
      hasOwnObserver: true,
      voteLifetime: millis(17_000),
      postEvery: millis(2000),
      news: [50, 250],
    },
    ttl: { stable: seconds(30), short: seconds(10) },
    caches: assumedCaches,
  });
  const { ttl, caches } = failover('lost');
  return {
    region: 'eu-west' as RegionId,
    service: 'www.example.test',
    ttl,
    cause: 'lost',
    caches,
    curve: curveOf(failover('lost')),
    unnoticed: undefined,
    causes: causes.map((cause) => {
      const { moved, left } = curveOf(failover(cause));
      return { cause, moved, left };
    }),
  };
}

export function aReport(changes: Partial<SimulationReport> = {}): SimulationReport {
  return {
    change: 'eu-west is lost',
    comparison: aComparison(),
    places,
    drill: aDrill(),
    foot: 'Made by Meridian for a test.',
    ...changes,
  };
}
