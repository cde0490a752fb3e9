// What a director of the bench says of regions: all are up, with latencies by chance.

import type { Vote } from '../../../src/model/health.ts';
import type { RegionId } from '../../../src/model/region.ts';
import { millis } from '../../../src/model/time.ts';

/** With a reason, the first region is down. */
export function opinionsOf(ids: readonly RegionId[], reason: string): Vote['opinions'] {
  const since = millis(Date.now());
  return new Map(
    ids.map((id, i) => {
      const isDown = i === 0 && reason !== '';
      const verdict = isDown ? 'down' : 'up';
      const latency = millis(Math.round(1000 + Math.random() * 80_000) / 1000);
      return [id, { verdict, since, latency, reason: isDown ? reason : '', isSuspect: false }];
    }),
  );
}
