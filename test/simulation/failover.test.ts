import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatName } from '../../src/model/name.ts';
import type { RegionId } from '../../src/model/region.ts';
import { assumedCaches } from '../../src/simulation/caches.ts';
import { failoverOf, servicesOf } from '../../src/simulation/failover.ts';
import { regionText, settingsOf } from '../support/config.ts';

const main = `director: { id: a, region: eu }
gossip:
  boards: ["redis://127.0.0.1:6379"]
  secrets: [0123456789abcdef0123456789abcdef]
  readEvery: 2s
health: { observers: [eu, us, ap], voteLifetime: 20s }
zones:
  - name: example.test
    services:
      - { name: fast, regions: [eu, us], ttl: { stable: 20s, short: 5s } }
      - { name: slow, regions: [eu, us], ttl: { stable: 60s, short: 5s } }
      - { name: other, regions: [us] }
`;

const probe = 'probes: { interval: 4s, downAfter: 2, list: ';
const list = '[{ tcp: 192.0.2.10:80, timeout: 3s }, { tcp: 192.0.2.10:81, timeout: 1s }] }\n';

const settings = settingsOf({
  main,
  regions: {
    eu: `${regionText}${probe}${list}`,
    us: regionText.replaceAll('.10', '.20'),
    ap: regionText,
  },
});

function failover(region: string, isHinted = true) {
  const id = region as RegionId;
  return failoverOf(settings, {
    region: settings.regions.get(id) ?? assert.fail(),
    service: servicesOf(settings, id)[0] ?? assert.fail(),
    cause: 'lost',
    caches: assumedCaches,
    isHinted,
  });
}

test('a failover is what the configuration says of probes, observers, gossip and TTLs', () => {
  const { detection, ttl } = failover('eu');
  assert.deepEqual(detection, {
    cause: 'lost',
    probes: { interval: 4000, timeout: 3000, downAfter: 2 },
    observers: 3,
    hasOwnObserver: true,
    voteLifetime: 20_000,
    postEvery: 2000,
    news: [50, 250],
  });
  assert.deepEqual(ttl, { stable: 60, short: 5 });
});

test('without hints news waits for a periodic read', () => {
  assert.deepEqual(failover('eu', false).detection.news, [50, 2450]);
});

test('a region without a probe is never noticed', () => {
  assert.equal(failover('us').detection.probes, undefined);
});

test('of the services that name a region the one with the longest TTL comes first', () => {
  const names = (region: string) =>
    servicesOf(settings, region as RegionId).map(({ name }) => formatName(name).split('.')[0]);
  assert.deepEqual(names('eu'), ['slow', 'fast']);
  assert.deepEqual(names('us'), ['slow', 'other', 'fast']);
  assert.deepEqual(names('ap'), []);
});

test('a director that is alone waits for nobody', () => {
  const alone = settingsOf({});
  const region = alone.regions.get('eu' as RegionId) ?? assert.fail();
  const [service] = alone.services.values();
  const wish = { region, service: service ?? assert.fail(), caches: assumedCaches };
  const { detection } = failoverOf(alone, { ...wish, cause: 'refused', isHinted: true });
  assert.deepEqual(detection.news, [0, 0]);
});
