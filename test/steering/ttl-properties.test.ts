// The law of TTLs: no answer outlives a change that is known to come by more than the short TTL.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import type { TtlReason } from '../../src/model/decision.ts';
import { type Millis, millis } from '../../src/model/time.ts';
import { decide } from '../../src/steering/decide.ts';
import type { Plan, Snapshot } from '../../src/steering/snapshot.ts';
import { ttlReasons } from '../../src/steering/ttl.ts';
import { noon } from '../support/fleet.ts';
import { arbitraryClient, arbitrarySnapshot, narrowHealths } from '../support/random-fleet.ts';

/** Every moment at which something is known to change for a service: what it says, or how sure it is. */
function comingChanges({ service }: Plan, { health, overrides, settings }: Snapshot): number[] {
  return service.regions.flatMap((region) => {
    const { since, recovery } = health.get(region) ?? assert.fail();
    const settled = [since, recovery.since].flatMap((at) =>
      at === undefined ? [] : [at + settings.health.settle],
    );
    const end = overrides.get(region)?.end;
    return [...settled, recovery.nextAt, end].filter((at) => at !== undefined);
  });
}

test('an answer lives no longer past a known change than the short TTL', () => {
  const reasons = new Set<TtlReason>();
  const span = fc.integer({ min: -7_200_000, max: 7_200_000 });
  const moments = fc.array(
    span.map((ms) => millis(noon + ms)),
    { minLength: 10, maxLength: 10 },
  );
  // Of fleets in any state few have no better reason than their loads, or than a region that returns.
  const fleets = fc.oneof(
    arbitrarySnapshot(),
    ...narrowHealths().map((health) => arbitrarySnapshot(health)),
  );
  fc.assert(
    fc.property(fleets, arbitraryClient(), moments, (snapshot, client, asked) => {
      for (const plan of snapshot.plans.values()) {
        const changes = comingChanges(plan, snapshot);
        const near = changes.flatMap((at) => [-9000, -1000, -1, 0, 1].map((off) => at + off));
        for (const now of [...asked, ...near] as Millis[]) {
          const { ttl, ttlReason } = decide(plan, client, snapshot, now);
          const { short } = plan.service.ttl;
          reasons.add(ttlReason);
          for (const at of changes) {
            // What has passed by the time of asking is no coming change.
            if (at <= now) continue;
            assert.ok(
              now + ttl * 1000 <= at + short * 1000,
              `${ttlReason} ${ttl} s, ${at - now} ms`,
            );
          }
        }
      }
    }),
    { numRuns: 600 },
  );
  assert.deepEqual([...reasons].toSorted(), Object.keys(ttlReasons).toSorted());
});

test('the manual tells every reason for a TTL, in the words of an explanation', () => {
  const manual = readFileSync(new URL('../../docs/failures.md', import.meta.url), 'utf8');
  const section =
    /^## How long answers live\n([\s\S]*?)(?:^## |$(?![\s\S]))/m.exec(manual)?.[1] ?? '';
  const rows = [...section.matchAll(/^\| `([^`]+)` \|/gm)].map(([, words]) => words);
  assert.deepEqual(rows, Object.values(ttlReasons));
});
