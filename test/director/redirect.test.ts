// Session affinity: who is held where, for how long, and that no cookie but ours holds anybody.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { redirect } from '../../src/director/redirect.ts';
import { createSeal } from '../../src/edge/seal.ts';
import type { Redirect } from '../../src/model/report.ts';
import { millis, seconds } from '../../src/model/time.ts';
import { viewOf } from '../support/dns-stage.ts';
import {
  anIp,
  anOverride,
  aRegion,
  aService,
  aSnapshot,
  downHealth,
  noon,
  returningHealth,
} from '../support/fleet.ts';

const seal = createSeal(['a secret for tests']);
const peer = anIp('198.51.100.7');
const regions = ['ash', 'birch', 'cedar'].map((id) =>
  aRegion(id, { url: new URL(`https://${id}.example.net/`) }),
);
type Facts = Partial<Parameters<typeof aSnapshot>[0]>;

/** `held` clients keep their region for a minute. */
function viewWith(facts: Facts = {}, affinity = 60, steps = [{ kind: 'priority' }]) {
  const held = aService({ regions, steps, affinity: seconds(affinity) });
  const other = aService({ name: 'other', regions, steps, affinity: seconds(affinity) });
  return viewOf(aSnapshot({ regions, services: [held, other], ...facts }));
}

function sent(view = viewWith(), affinity?: string, later = 0, name = 'www'): Redirect {
  const request = { name: `${name}.example.test`, peer, affinity };
  const found = redirect(view, request, seal, millis(noon + later));
  assert.ok(!('code' in found), JSON.stringify(found));
  return found;
}

/** A cookie of a time when birch served. */
function birchCookie(): string {
  const { region, affinity } = sent(viewWith({ health: { ash: downHealth() } }));
  assert.equal(region, 'birch');
  assert.equal(affinity?.seconds, 60);
  return affinity.value;
}

describe('affinity', () => {
  test('holds a client at its region though another is better now, and gives it no second cookie', () => {
    const { region, affinity } = sent(viewWith(), birchCookie());
    assert.deepEqual([region, affinity], ['birch', undefined]);
    assert.equal(sent().region, 'ash');
  });

  test('ends with its time', () => {
    assert.equal(sent(viewWith(), birchCookie(), 59_000).region, 'birch');
    const later = sent(viewWith(), birchCookie(), 61_000);
    assert.equal(later.region, 'ash');
    assert.ok(later.affinity);
  });

  test('ends where operators or health take the region out, and a new one begins', () => {
    const cases: [string, Facts][] = [
      ['down', { health: { birch: downHealth() } }],
      ['drained', { overrides: [anOverride('birch')] }],
    ];
    for (const [words, facts] of cases) {
      const { region, affinity } = sent(viewWith(facts), birchCookie());
      assert.equal(region, 'ash', words);
      assert.match(affinity?.value ?? '', /^ash\./);
    }
  });

  test('goes on while the region comes back in stages, for sessions there are its own', () => {
    const facts = { health: { birch: returningHealth(0.05) } };
    assert.equal(sent(viewWith(facts), birchCookie()).region, 'birch');
  });

  test('is nothing where the service does not ask for it', () => {
    const { region, affinity } = sent(viewWith({}, 0), birchCookie());
    assert.deepEqual([region, affinity], ['ash', undefined]);
  });

  test('to a region that has no URL any more is no affinity', () => {
    const [ash, , cedar] = regions;
    const bare = [ash, aRegion('birch'), cedar].filter((region) => region !== undefined);
    const services = [
      aService({ regions: bare, steps: [{ kind: 'priority' }], affinity: seconds(60) }),
    ];
    const { region, affinity } = sent(viewWith({ regions: bare, services }), birchCookie());
    assert.equal(region, 'ash');
    assert.ok(affinity);
  });

  test('of one service is none of another', () => {
    assert.equal(sent(viewWith(), birchCookie(), 0, 'other').region, 'ash');
  });

  test('of another fleet, or longer than the option allows, is not believed', () => {
    const foreign = createSeal(['a secret of somebody else']);
    const view = viewWith({ health: { ash: downHealth() } });
    const request = { name: 'www.example.test', peer, affinity: undefined };
    const found = redirect(view, request, foreign, noon);
    assert.ok('affinity' in found);
    assert.equal(sent(viewWith(), found.affinity?.value).region, 'ash');
    const long = sent(viewWith({ health: { ash: downHealth() } }, 86_400)).affinity?.value;
    assert.equal(sent(viewWith(), long).region, 'ash');
  });

  test('is not moved by a cookie with a single character changed, nor by any other text', () => {
    const cookie = birchCookie();
    fc.assert(
      fc.property(
        fc.nat(cookie.length - 1),
        fc.string({ minLength: 1, maxLength: 1 }),
        (at, char) => {
          const forged = cookie.slice(0, at) + char + cookie.slice(at + 1);
          if (forged !== cookie) assert.equal(sent(viewWith(), forged).region, 'ash');
        },
      ),
    );
    fc.assert(
      fc.property(fc.string(), (text) => assert.equal(sent(viewWith(), text).region, 'ash')),
    );
  });
});
