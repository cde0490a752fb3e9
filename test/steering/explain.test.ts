import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Client } from '../../src/model/decision.ts';
import type { StepSettings } from '../../src/model/settings.ts';
import { millis } from '../../src/model/time.ts';
import { decide } from '../../src/steering/decide.ts';
import { explain } from '../../src/steering/explain.ts';
import { traceDecision } from '../../src/steering/trail.ts';
import { anAtlas } from '../support/atlas.ts';
import {
  aClient,
  anOverride,
  aRegion,
  aService,
  aSnapshot,
  downHealth,
  noon,
  planOf,
  returningHealth,
  upHealth,
} from '../support/fleet.ts';

const west = aRegion('eu-west', { latitude: 53.35, longitude: -6.26, weight: 70 });
const central = aRegion('eu-central', { latitude: 50.11, longitude: 8.68, weight: 30 });
const tokyo = aRegion('ap-northeast', { latitude: 35.68, longitude: 139.65 });
const regions = [west, central, tokyo];

const atlas = anAtlas([
  { prefix: '81.2.64.0/18', country: 'GB', lat: 53.48, lon: -2.24, city: 'Manchester' },
  { prefix: '82.0.0.0/9', country: 'FR', lat: 48.86, lon: 2.35, radius: 500 },
  { prefix: '84.226.0.0/15', country: 'CH', lat: 47.37, lon: 8.55, city: 'Zurich', radius: 10 },
]);

const nearestOne: StepSettings[] = [
  { kind: 'nearest', withinKm: 0 },
  { kind: 'take', count: 1 },
];

type Facts = Partial<Parameters<typeof aSnapshot>[0]>;

/** What a colleague is told of `www.example.test` at noon. */
function told(client: Client, steps = nearestOne, facts: Facts = {}): string {
  const services = [aService({ regions, steps })];
  const snapshot = aSnapshot({ regions, services, atlas, ...facts });
  const plan = planOf(snapshot);
  const decision = decide(plan, client, snapshot, noon);
  return explain(decision, traceDecision(plan, client, snapshot, decision, noon));
}

const manchester = aClient('81.2.69.0/24');

describe('an explanation', () => {
  test('of a calm day names the nearest region', () => {
    assert.equal(
      told(manchester),
      `www.example.test → eu-west

Located by the client's subnet, 81.2.69.0/24: Manchester, GB (53.48, -2.24, give or take 20 km).

  nearest      eu-west 267 km, then eu-central 838 km, ap-northeast 9444 km
  overrides    no operator has spoken
  alive        3 of 3 may serve
  half-open    no region is on its way back
  last-resort  not needed
  take         the best one: eu-west

TTL    30 s, because nothing is expected to change.
Scope  /7: everyone in 80.0.0.0/7 is offered the same regions in the same order.
Snapshot epoch 1, decision e1-tvvxi1.`,
    );
  });

  test('of a region that is down says who voted so and why', () => {
    const said = { verdict: 'down', age: millis(800), latency: undefined } as const;
    const down = downHealth({
      since: millis(noon - 60_000),
      votes: [
        { ...said, region: 'ap-northeast', observer: 'nrt-1', reason: '' },
        { ...said, region: 'eu-central', observer: 'fra-1', reason: 'HTTP 503' },
        { ...said, region: 'eu-west', observer: 'dub-1', verdict: 'up', reason: '' },
      ],
    });
    assert.equal(
      told(manchester, nearestOne, { health: { 'eu-west': down } }),
      `www.example.test → eu-central

Located by the client's subnet, 81.2.69.0/24: Manchester, GB (53.48, -2.24, give or take 20 km).

  nearest      eu-west 267 km, then eu-central 838 km, ap-northeast 9444 km
  overrides    no operator has spoken
  alive        2 of 3 may serve
               - eu-west is out: voted down by 2 of 3 observing regions (fra-1: HTTP 503)
  half-open    no region is on its way back
  last-resort  not needed
  take         the best one: eu-central

TTL    10 s, because a region went up or down lately; this counts as settled in 9m.
Scope  /7: everyone in 80.0.0.0/7 is offered the same regions in the same order.
Snapshot epoch 1, decision e1-m281xu.`,
    );
  });

  test('of a region on its way back says how far it is, and for whom', () => {
    assert.equal(
      told(manchester, nearestOne, { health: { 'eu-west': returningHealth(0.25) } }),
      `www.example.test → eu-central

Located by the client's subnet, 81.2.69.0/24: Manchester, GB (53.48, -2.24, give or take 20 km).

  nearest      eu-west 267 km, then eu-central 838 km, ap-northeast 9444 km
  overrides    no operator has spoken
  alive        3 of 3 may serve
  half-open    eu-west is coming back: 25 % of client networks until 2026-05-01 12:01:00 UTC; this one is not among them
               - eu-west is out: up again, but not yet for all
  last-resort  not needed
  take         the best one: eu-central

TTL    10 s, because a region is coming back in stages.
Scope  /20: who goes back is drawn once for the whole of 81.2.64.0/20.
Snapshot epoch 1, decision e1-bmafwk.`,
    );
  });

  test('of overrides says whose they are, and how soon the first ends', () => {
    const held = { kind: 'up', actor: 'bob', reason: 'the probe is wrong' } as const;
    const overrides = [
      anOverride('eu-west', { end: millis(noon + 4000) }),
      anOverride('ap-northeast', held),
    ];
    const health = { 'ap-northeast': downHealth() };
    assert.equal(
      told(manchester, nearestOne, { health, overrides }),
      `www.example.test → eu-central

Located by the client's subnet, 81.2.69.0/24: Manchester, GB (53.48, -2.24, give or take 20 km).

  nearest      eu-west 267 km, then eu-central 838 km, ap-northeast 9444 km
  overrides    1 of 3 taken out by hand; ap-northeast is held up by bob until 2026-05-01 14:00:00 UTC: the probe is wrong
               - eu-west is out: drained by alice until 2026-05-01 12:00:04 UTC: disk swap
  alive        2 of 2 may serve; ap-northeast voted down, but held up
  half-open    no region is on its way back
  last-resort  not needed
  take         the best one: eu-central

TTL    4 s, because an operator's override ends then.
Scope  /7: everyone in 80.0.0.0/7 is offered the same regions in the same order.
Snapshot epoch 1, decision e1-d9h8cu.`,
    );
  });

  test('of a region that only a floor keeps says that it is down', () => {
    const floor = { least: 3, unit: 'regions', below: 'keep' } as const;
    const steps: StepSettings[] = [
      { kind: 'nearest', withinKm: 0 },
      { kind: 'alive', floor },
      { kind: 'take', count: 1 },
    ];
    assert.equal(
      told(manchester, steps, { health: { 'eu-west': downHealth() } }),
      `www.example.test → eu-west (less than the floor is alive, so one that is down is named)

Located by the client's subnet, 81.2.69.0/24: Manchester, GB (53.48, -2.24, give or take 20 km).

  nearest      eu-west 267 km, then eu-central 838 km, ap-northeast 9444 km
  overrides    no operator has spoken
  alive        2 of 3 may serve; the floor is 3 regions, so clients are sent to eu-west all the same
  half-open    no region is on its way back
  last-resort  not needed
  take         the best one: eu-west

TTL    10 s, because less than the floor is alive, so a region that is down is named.
Scope  /7: everyone in 80.0.0.0/7 is offered the same regions in the same order.
Snapshot epoch 1, decision e1-1rmfzku.`,
    );
  });

  test('of a last resort says that nothing is alive', () => {
    const health = {
      'eu-west': downHealth(),
      'eu-central': downHealth({ votes: [], isKept: true }),
      'ap-northeast': downHealth(),
    };
    assert.equal(
      told(manchester, nearestOne, { health }),
      `www.example.test → eu-west (nothing is alive: last resort)

Located by the client's subnet, 81.2.69.0/24: Manchester, GB (53.48, -2.24, give or take 20 km).

  nearest      eu-west 267 km, then eu-central 838 km, ap-northeast 9444 km
  overrides    no operator has spoken
  alive        0 of 3 may serve; too few fresh votes on eu-central, so the last verdict stands
               - eu-west is out: voted down by 1 of 1 observing regions (watch-1: timed out after 2s)
               - eu-central is out: down when it could last be judged
               - ap-northeast is out: voted down by 1 of 1 observing regions (watch-1: timed out after 2s)
  half-open    no region is on its way back
  last-resort  nothing is alive, so geography alone decides
  take         the best one: eu-west

TTL    10 s, because nothing is alive and this is a last resort.
Scope  /7: everyone in 80.0.0.0/7 is offered the same regions in the same order.
Snapshot epoch 1, decision e1-oqoavd.`,
    );
  });

  test('of an answer that operators withhold names each of them', () => {
    const overrides = regions.map(({ id }) => anOverride(id));
    assert.equal(
      told(manchester, nearestOne, { overrides }),
      `www.example.test → no region: operators have taken out every one

Located by the client's subnet, 81.2.69.0/24: Manchester, GB (53.48, -2.24, give or take 20 km).

  nearest      eu-west 267 km, then eu-central 838 km, ap-northeast 9444 km
  overrides    3 of 3 taken out by hand
               - eu-west is out: drained by alice until 2026-05-01 14:00:00 UTC: disk swap
               - eu-central is out: drained by alice until 2026-05-01 14:00:00 UTC: disk swap
               - ap-northeast is out: drained by alice until 2026-05-01 14:00:00 UTC: disk swap
  alive        no region is left to judge
  half-open    no region is on its way back
  last-resort  operators have taken out every region
  take         nothing is left to take

TTL    10 s, because an operator's override is in force.
Scope  /7: everyone in 80.0.0.0/7 is offered the same regions in the same order.
Snapshot epoch 1, decision e1-pl4gzl.`,
    );
  });

  test('of a rule says what would have been nearer', () => {
    const rule = { networks: [], countries: ['CH'], prefer: [west.id] };
    const steps: StepSettings[] = [
      { kind: 'rules', rules: [rule] },
      { kind: 'nearest', withinKm: 0 },
      { kind: 'take', count: 2 },
    ];
    assert.equal(
      told(aClient('84.226.1.0/24'), steps),
      `www.example.test → eu-west, eu-central

Located by the client's subnet, 84.226.1.0/24: Zurich, CH (47.37, 8.55, give or take 10 km).

  rules        a rule for CH prefers eu-west
  nearest      after eu-west 1240 km: eu-central 305 km, then ap-northeast 9577 km
  overrides    no operator has spoken
  alive        3 of 3 may serve
  half-open    no region is on its way back
  last-resort  not needed
  take         the best 2: eu-west, eu-central

TTL    30 s, because nothing is expected to change.
Scope  /6: everyone in 84.0.0.0/6 is offered the same regions in the same order.
Snapshot epoch 1, decision e1-lsr1a7.`,
    );
  });

  test('of weights says what they chose between, and how widely', () => {
    const steps: StepSettings[] = [
      { kind: 'nearest', withinKm: 1000 },
      { kind: 'weight' },
      { kind: 'take', count: 1 },
    ];
    assert.equal(
      told(aClient('82.3.4.0/24'), steps),
      `www.example.test → eu-west

Located by the client's subnet, 82.3.4.0/24: somewhere in FR (48.86, 2.35, give or take 500 km), too vague to be sure that eu-central is nearer than eu-west.

  nearest      eu-central 478 km or eu-west 781 km, then ap-northeast 9711 km
  overrides    no operator has spoken
  alive        3 of 3 may serve
  half-open    no region is on its way back
  last-resort  not needed
  weight       by weight (eu-central 30, eu-west 70) the client's network falls to eu-west
  take         the best one: eu-west

TTL    30 s, because nothing is expected to change.
Scope  /20: weights are drawn once for the whole of 82.3.0.0/20.
Snapshot epoch 1, decision e1-15aj6a7.`,
    );
  });

  test('of a private subnet says who was located instead', () => {
    assert.equal(
      told(aClient('10.1.2.0/24', '81.2.69.53')),
      `www.example.test → eu-west

The client's subnet, 10.1.2.0/24, is not public; located instead by the address of the resolver that asked, 81.2.69.53: Manchester, GB (53.48, -2.24, give or take 20 km).

  nearest      eu-west 267 km, then eu-central 838 km, ap-northeast 9444 km
  overrides    no operator has spoken
  alive        3 of 3 may serve
  half-open    no region is on its way back
  last-resort  not needed
  take         the best one: eu-west

TTL    30 s, because nothing is expected to change.
Scope  /8: nobody in 10.0.0.0/8 has a public address, so all are located alike.
Snapshot epoch 1, decision e1-1d1eo58.`,
    );
  });

  test('of an unknown place and a missing verdict says both', () => {
    const client = { ...aClient(undefined, '8.8.8.8'), origin: 'peer' } as const;
    const health = { 'eu-west': upHealth({ isKept: true, verdict: 'unknown' }) };
    assert.equal(
      told(client, nearestOne, { health }),
      `www.example.test → eu-west

Located by the address that the request came from, 8.8.8.8, but test data does not know where that is.

  nearest      the place is not known, so the configured order decides: eu-west, then eu-central, ap-northeast
  overrides    no operator has spoken
  alive        3 of 3 may serve; too few fresh votes on eu-west, so the last verdict stands
  half-open    no region is on its way back
  last-resort  not needed
  take         the best one: eu-west

TTL    10 s, because too few fresh votes have come in, and an old verdict may be wrong.
Scope  none is stated, because no client subnet came along.
Snapshot epoch 1, decision e1-1sa3b0i.`,
    );
  });
});
