// Push probes in virtual time: whose reports they look at, and how long they have listened.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addPushProbes } from '../../src/director/push.ts';
import type { Sample } from '../../src/model/health.ts';
import type { PushProbe, RegionId } from '../../src/model/region.ts';
import { type Millis, millis } from '../../src/model/time.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createStage, reportBy } from '../support/gossip-stage.ts';
import { healthy, tcp } from '../support/watch-stage.ts';

const pushProbe = (name: string, region = 'eu'): PushProbe => ({
  kind: 'push',
  region: region as RegionId,
  name,
  lifetime: millis(45_000),
  token: undefined,
});

function tell({ isHealthy, isBlind, reason }: Sample): string {
  return isHealthy ? 'healthy' : `${reason}${isBlind === true ? ' (blind)' : ''}`;
}

const life = (): AbortSignal => new AbortController().signal;

test('other kinds are asked, as before', async () => {
  const { join } = createStage();
  const { gossip, clock } = join('a', []);
  const asked: string[] = [];
  const probe = addPushProbes({
    gossip,
    clock,
    probe: async ({ kind }) => {
      asked.push(kind);
      return healthy;
    },
  });
  assert.equal(await probe(tcp('eu'), life()), healthy);
  assert.equal(tell(await probe(pushProbe('app'), life())), 'no report (blind)');
  assert.deepEqual(asked, ['tcp']);
});

test('each looks at the report of its own application in its own region', async () => {
  const { clock, board, join } = createStage();
  const shared = board('shared');
  const [a, b] = [join('a', [shared]), join('b', [shared])];
  await b.gossip.putReport(reportBy(b));
  await b.gossip.putReport(reportBy(b, { name: 'queue', state: 'down', reason: 'full' }));
  await clock.advance(1000);
  const probe = addPushProbes({ gossip: a.gossip, clock: a.clock, probe: async () => healthy });
  const watch = life();
  const find = async (name: string, region?: string): Promise<string> =>
    tell(await probe(pushProbe(name, region), watch));
  assert.deepEqual(
    [await find('app'), await find('queue'), await find('app', 'us'), await find('other')],
    ['healthy', 'down: full', 'no report (blind)', 'no report (blind)'],
  );
  await clock.advance(45_000);
  assert.deepEqual(
    [await find('app'), await find('queue'), await find('other')],
    ['no report for 46s', 'no report for 46s', 'no report'],
  );
});

test('a region that is watched anew is listened to anew', async () => {
  const { clock, board, join } = createStage();
  const a = join('a', [board('shared')]);
  const probe = addPushProbes({ gossip: a.gossip, clock: a.clock, probe: async () => healthy });
  const first = life();
  await probe(pushProbe('app'), first);
  await clock.advance(46_000);
  assert.equal(tell(await probe(pushProbe('app'), first)), 'no report');
  assert.equal(tell(await probe(pushProbe('app'), life())), 'no report (blind)');
});

test('hearing is of boards that others post on; a director without them hears itself', async () => {
  const at = (kind: 'store' | 'peer' | 'own', lastReadAt: Millis | undefined) => ({
    name: kind,
    kind,
    isUp: true,
    lastReadAt,
  });
  const early = millis(10_000);
  const late = millis(100_000);
  const cases = [
    [[at('own', late)], 'no report'],
    [[at('store', late), at('own', early)], 'no report'],
    [[at('store', early), at('peer', late)], 'no report'],
    [[at('store', early), at('own', late)], 'no report (blind)'],
    [[at('peer', undefined), at('own', late)], 'no report (blind)'],
    [[], 'no report (blind)'],
  ] as const;
  for (const [boards, expected] of cases) {
    const gossip = { reports: () => new Map(), boards: () => boards };
    const clock = createFakeClock(10_000);
    const probe = addPushProbes({ gossip, clock, probe: async () => healthy });
    const watch = life();
    await probe(pushProbe('app'), watch);
    await clock.advance(90_000);
    assert.equal(tell(await probe(pushProbe('app'), watch)), expected);
  }
});
