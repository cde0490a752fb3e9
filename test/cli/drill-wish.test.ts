import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drillIn, withOut } from '../../src/cli/drill-wish.ts';
import { assumedCaches } from '../../src/simulation/caches.ts';

test('a region alone is lost, with what is assumed of caches', () => {
  assert.deepEqual(drillIn({ drill: 'eu' }), {
    region: 'eu',
    cause: 'lost',
    caches: assumedCaches,
    isHinted: true,
  });
  assert.equal(drillIn({}), undefined);
});

test('assumptions are replaced one by one', () => {
  const wish = drillIn({ drill: 'eu', overstay: '5%:300s', hold: 'none', 'no-hints': true });
  assert.ok(typeof wish === 'object');
  assert.deepEqual(wish.caches, { resolvers: [{ share: 0.05, least: 300_000 }], clients: [] });
  assert.equal(wish.isHinted, false);
});

test('what makes no sense is told', () => {
  assert.match(refusal({ drill: 'eu', cause: 'fire' }), /refused, silent, lost, drained/);
  assert.match(refusal({ drill: 'eu', overstay: '5' }), /^--overstay: want shares and spans/);
  assert.match(refusal({ drill: 'eu', hold: '70%:1m,40%:2m' }), /^--hold: .*100 %/);
  assert.equal(drillIn({ hold: 'none' }), '--hold needs --drill REGION');
});

test('the region is out on the new side, once, in the way of its cause', () => {
  const wish = drillIn({ drill: 'eu' });
  const drained = drillIn({ drill: 'eu', cause: 'drained' });
  assert.ok(typeof wish === 'object' && typeof drained === 'object');
  const before = { down: ['eu', 'us'], drained: [] };
  assert.deepEqual(withOut(before, wish), { down: ['eu', 'us'], drained: [] });
  assert.deepEqual(withOut(before, drained), { down: ['eu', 'us'], drained: ['eu'] });
});

function refusal(options: Parameters<typeof drillIn>[0]): string {
  const wish = drillIn(options);
  return typeof wish === 'string' ? wish : assert.fail('it is taken');
}
