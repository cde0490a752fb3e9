import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  assumedCaches,
  assumedClients,
  assumedResolvers,
  parseKeepers,
  withObedient,
} from '../../src/simulation/caches.ts';

test('shares and spans are read as an operator writes them', () => {
  assert.deepEqual(parseKeepers('5%:300s,0.5%:1h'), [
    { share: 0.05, least: 300_000 },
    { share: 0.005, least: 3_600_000 },
  ]);
  assert.deepEqual(parseKeepers('100%:1.5s'), [{ share: 1, least: 1500 }]);
  assert.deepEqual(parseKeepers('none'), []);
});

test('what is no list of shares and spans is refused', () => {
  for (const text of ['', '5%', '5:300s', '-5%:300s', '5%:300', '60%:1m,50%:1m', '5%:1m,', 'x']) {
    assert.equal(parseKeepers(text), undefined, text);
  }
});

test('whoever is in no row keeps to the TTL', () => {
  const rows = withObedient(assumedCaches.resolvers);
  assert.equal(rows[0]?.least, 0);
  assert.ok(Math.abs(rows.reduce((sum, { share }) => sum + share, 0) - 1) < 1e-12);
  assert.deepEqual(
    withObedient([{ share: 1, least: assumedCaches.clients[0]?.least ?? assert.fail() }]),
    [{ share: 1, least: 60_000 }],
  );
});

test('every assumption says where it is from, and its span can be read', () => {
  for (const { share, least, who, source } of [...assumedResolvers, ...assumedClients]) {
    assert.ok(parseKeepers(`${(share * 100).toFixed(2)}%:${least}`), who);
    assert.match(source, /assumed/);
  }
  const lengthened = assumedResolvers.reduce((sum, { share }) => sum + share, 0);
  assert.ok(Math.abs(lengthened - 0.0874) < 1e-9, 'as many as the study found');
});
