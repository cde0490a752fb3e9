import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openRecovery } from '../../src/health/recover.ts';
import type { DecisionState } from '../../src/model/decision.ts';
import type { RegionHealth } from '../../src/model/health.ts';
import type { Override } from '../../src/model/override.ts';
import type { RegionId } from '../../src/model/region.ts';
import { millis, seconds } from '../../src/model/time.ts';
import { horizonOf, ttlOf } from '../../src/steering/ttl.ts';
import {
  aLoad,
  anOverride,
  aService,
  downHealth,
  noon,
  returningHealth,
  upHealth,
} from '../support/fleet.ts';

const settle = millis(600_000);
const service = aService({ regions: ['ash', 'birch'] });

interface Facts {
  readonly health?: Readonly<Record<string, RegionHealth>>;
  readonly overrides?: readonly Override[];
  readonly state?: DecisionState;
  /** Seconds after noon. */
  readonly at?: number;
  readonly ttl?: { stable: number; short: number };
}

/** `30 stable`: the TTL of an answer at noon, when both regions have been up for a day. */
function told({ health = {}, overrides = [], state = 'healthy', at = 0, ttl }: Facts): string {
  const view = new Map<RegionId, RegionHealth>();
  for (const id of service.regions) view.set(id, health[id] ?? upHealth());
  for (const id of Object.keys(health)) view.set(id as RegionId, health[id] as RegionHealth);
  const spoken = new Map(overrides.map((override) => [override.region, override]));
  const horizon = horizonOf(service, { health: view, overrides: spoken, effect: spoken }, settle);
  const bounds =
    ttl === undefined ? service.ttl : { stable: seconds(ttl.stable), short: seconds(ttl.short) };
  const found = ttlOf({ ...service, ttl: bounds }, horizon, state, millis(noon + at * 1000));
  return `${found.ttl} ${found.reason}`;
}

function secondsAgo(span: number): { since: ReturnType<typeof millis> } {
  return { since: millis(noon - span * 1000) };
}

function endingIn(span: number): Override {
  return anOverride('ash', { end: millis(noon + span * 1000) });
}

describe('the TTL of an answer', () => {
  test('is the stable one while nothing is expected to change', () => {
    assert.equal(told({}), '30 stable');
    assert.equal(told({ health: { ash: downHealth() } }), '30 stable');
  });

  test('is short for some time after a verdict has changed', () => {
    const health = { ash: downHealth(secondsAgo(60)) };
    assert.equal(told({ health }), '10 recently-changed');
    assert.equal(told({ health, at: 539 }), '10 recently-changed');
    assert.equal(told({ health, at: 540 }), '30 stable');
  });

  test('is short while probes contradict a verdict', () => {
    assert.equal(told({ health: { ash: upHealth({ isSuspect: true }) } }), '10 suspect');
  });

  test('is short while a verdict is kept for want of votes', () => {
    assert.equal(told({ health: { birch: upHealth({ isKept: true }) } }), '10 verdict-kept');
  });

  test('is short while an override is in force', () => {
    assert.equal(told({ overrides: [endingIn(3600)] }), '10 override-active');
    assert.equal(told({ overrides: [anOverride('ash', { kind: 'up' })] }), '10 override-active');
  });

  test('is short while a region comes back in stages, and for some time after', () => {
    for (const share of [0, 0.05, 0.25, 0.5]) {
      const ash = returningHealth(share, { since: millis(noon - 86_400_000) });
      assert.equal(told({ health: { ash } }), '10 recovering');
    }
    const open = upHealth({ recovery: { ...openRecovery, ...secondsAgo(60) } });
    assert.equal(told({ health: { ash: open }, at: 539 }), '10 recently-changed');
    assert.equal(told({ health: { ash: open }, at: 540 }), '30 stable');
    const held = [anOverride('ash', { kind: 'up' })];
    assert.equal(
      told({ health: { ash: returningHealth(0) }, overrides: held }),
      '10 override-active',
    );
  });

  test('ends with the first override that ends, and never before a second has passed', () => {
    assert.equal(told({ overrides: [endingIn(10)] }), '10 override-active');
    assert.equal(told({ overrides: [endingIn(9.1)] }), '10 override-active');
    assert.equal(told({ overrides: [endingIn(9)] }), '9 override-ends');
    assert.equal(told({ overrides: [endingIn(3.2)] }), '4 override-ends');
    assert.equal(told({ overrides: [endingIn(0)] }), '1 override-ends');
    assert.equal(told({ overrides: [endingIn(-60)] }), '1 override-ends');
    const later = anOverride('birch', { end: millis(noon + 3000) });
    assert.equal(told({ overrides: [endingIn(7), later] }), '3 override-ends');
  });

  test('is short when nothing is alive', () => {
    assert.equal(told({ state: 'fail-open' }), '10 fail-open');
  });

  test('is short when it names a region that is down for the sake of a floor', () => {
    assert.equal(told({ state: 'below-floor' }), '10 below-floor');
  });

  test('names the weightiest of several reasons', () => {
    const unsure = upHealth({ isKept: true, isSuspect: true, ...secondsAgo(5) });
    const overrides = [endingIn(3600)];
    const all = { health: { ash: unsure }, overrides, state: 'fail-open' } as const;
    assert.equal(told({ ...all, overrides: [endingIn(2)] }), '2 override-ends');
    assert.equal(told(all), '10 fail-open');
    assert.equal(told({ ...all, state: 'healthy' }), '10 verdict-kept');
    const suspect = upHealth({ isSuspect: true, ...secondsAgo(5) });
    assert.equal(told({ health: { ash: suspect }, overrides }), '10 suspect');
    const back = returningHealth(0.25);
    assert.equal(told({ health: { ash: back }, overrides }), '10 override-active');
    assert.equal(told({ health: { ash: back } }), '10 recovering');
    const changed = upHealth(secondsAgo(5));
    assert.equal(told({ health: { ash: changed }, overrides }), '10 override-active');
  });

  test('does not care about regions that are not candidates', () => {
    const health = { oak: upHealth({ isKept: true, isSuspect: true, ...secondsAgo(1) }) };
    assert.equal(told({ health, overrides: [anOverride('oak')] }), '30 stable');
  });

  test('stays within the bounds that the operator set', () => {
    const ttl = { stable: 5, short: 5 };
    assert.equal(told({ ttl }), '5 stable');
    assert.equal(told({ ttl, state: 'fail-open' }), '5 fail-open');
    assert.equal(told({ ttl, overrides: [endingIn(60)] }), '5 override-active');
  });
});

describe('the horizon', () => {
  const nothing = { health: new Map(), overrides: new Map(), effect: new Map() };

  test('a region that passes clients on keeps answers short', () => {
    const view = new Map(service.regions.map((id) => [id, upHealth()]));
    const unrest = (shed: number): unknown => {
      const loads = new Map([['birch' as RegionId, aLoad({ shed })]]);
      return horizonOf(service, { ...nothing, health: view }, settle, loads).unrest;
    };
    assert.equal(unrest(0.01), 'shedding');
    assert.equal(unrest(0), undefined);
  });

  test('a region that nobody has spoken of counts as kept', () => {
    const horizon = horizonOf(service, nothing, settle);
    assert.equal(horizon.isKept, true);
    assert.equal(horizon.unrest, 'verdict-kept');
    assert.equal(horizon.overrideEnd, Number.POSITIVE_INFINITY);
  });

  test('holds the latest change and the first end', () => {
    const view = new Map<RegionId, RegionHealth>();
    for (const [i, id] of service.regions.entries())
      view.set(id, upHealth(secondsAgo(100 - i * 50)));
    const spoken = new Map([['ash' as RegionId, endingIn(70)]]);
    const horizon = horizonOf(service, { health: view, overrides: spoken, effect: spoken }, settle);
    assert.equal(horizon.settledAt, noon - 50_000 + settle);
    assert.equal(horizon.overrideEnd, noon + 70_000);
    assert.equal(horizon.isKept, false);
  });
});
