import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RegionId } from '../../src/model/region.ts';
import { assumedCaches } from '../../src/simulation/caches.ts';
import { causes, drillOf } from '../../src/simulation/drill.ts';
import { settingsOf, shippedText } from '../support/config.ts';

const settings = settingsOf(shippedText());

const wish = { cause: 'refused', caches: assumedCaches, isHinted: true } as const;

test('a drill is of the service whose clients leave last, with every cause beside it', () => {
  const drill = drillOf(settings, { ...wish, region: 'eu-west' as RegionId }) ?? assert.fail();
  const stable = [...settings.services.values()].map(({ ttl }) => ttl.stable);
  assert.equal(drill.ttl.stable, Math.max(...stable));
  assert.deepEqual(
    drill.causes.map(({ cause }) => cause),
    causes,
  );
  const own = drill.causes.find(({ cause }) => cause === 'refused');
  assert.deepEqual(own?.left, drill.curve.left);
});

test('a region that has no clients, or is not there, has no drill', () => {
  assert.equal(drillOf(settings, { ...wish, region: 'nowhere' as RegionId }), undefined);
});

test('where nobody would notice, the reason is said', () => {
  // The shipped fleet has one director, which stands in eu-west.
  const lost = drillOf(settings, { ...wish, cause: 'lost', region: 'eu-west' as RegionId });
  assert.match(lost?.unnoticed ?? '', /the only observing region/);
  const refused = drillOf(settings, { ...wish, region: 'eu-west' as RegionId });
  assert.equal(refused?.unnoticed, undefined);
});
