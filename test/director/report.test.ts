// Reports: what the fleet knows, as plain data with times in ISO 8601 and spans in seconds.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type FleetFacts,
  reportFacts,
  reportHealth,
  reportOverride,
  reportRegion,
  reportService,
} from '../../src/director/report.ts';
import { openRecovery } from '../../src/health/recover.ts';
import type { HealthView, HeardVote } from '../../src/model/health.ts';
import type { Override } from '../../src/model/override.ts';
import type { Settings } from '../../src/model/settings.ts';
import { formatInstant, millis } from '../../src/model/time.ts';
import {
  anIp,
  anOverride,
  aRegion,
  aService,
  aSettings,
  aSnapshot,
  downHealth,
  noon,
  returningHealth,
  upHealth,
} from '../support/fleet.ts';

const eu = aRegion('eu', {
  title: 'Dublin',
  country: 'IE',
  latitude: 53.3,
  longitude: -6.2,
  nameServerAddresses: [anIp('198.51.100.53')],
  ipv4: [anIp('192.0.2.1')],
  ipv6: [anIp('2001:DB8:0::1')],
  weight: 30,
  bias: -5,
});
const us = aRegion('us');

function factsOf(
  settings: Settings,
  health: HealthView,
  overrides: readonly Override[],
  votes: readonly HeardVote[] = [],
): FleetFacts {
  const words = new Map(overrides.map((word) => [word.region, word]));
  const snapshot = { settings, epoch: 9, overrides: words };
  const nobody = { isolated: new Set<string>(), blindness: new Map<string, number>() };
  const files = { areGood: true, goodAt: formatInstant(noon), faultCount: 0, faults: [] };
  return { snapshot, health, votes, loads: new Map(), boards: [], files, ...nobody };
}

/** A vote without an opinion on any region, whose observer was heard just now. */
function heardFrom(region: string): HeardVote {
  const vote = { observer: `${region}-1`, region, incarnation: 1, sequence: 1 };
  return { vote: { ...vote, opinions: new Map() }, freshAt: noon };
}

const plain = aSettings({ regions: [eu, us], services: [aService({ regions: [eu, us] })] });

describe('an override is reported', () => {
  test('with its times, whether it is in force, and what came of it', () => {
    const effect = { posted: 2, boards: 3, withheld: ['www.example.test'], signed: 'mac {}' };
    assert.deepEqual(reportOverride(anOverride('eu'), noon, effect), {
      id: 'override-eu',
      region: 'eu',
      kind: 'drain',
      actor: 'alice',
      reason: 'disk swap',
      start: '2026-05-01T11:00:00.000Z',
      end: '2026-05-01T14:00:00.000Z',
      isActive: true,
      ...effect,
    });
  });

  test('as over when it has been lifted or has ended, not where its start is ahead of the clock', () => {
    const { start, end } = anOverride('eu');
    assert.equal(reportOverride(anOverride('eu', { isLifted: true }), noon).isActive, false);
    assert.equal(reportOverride(anOverride('eu'), end).isActive, false);
    assert.equal(reportOverride(anOverride('eu'), millis(start - 1)).isActive, true);
  });

  test('without any effect where nothing was changed', () => {
    assert.ok(!('posted' in reportOverride(anOverride('eu'), noon)));
  });
});

describe('a region is reported', () => {
  test('with its verdict and the votes behind it', () => {
    const votes = [
      {
        region: 'us',
        observer: 'us-1',
        verdict: 'down',
        age: millis(1234),
        latency: undefined,
        reason: 'refused',
      },
      {
        region: 'ap',
        observer: 'ap-1',
        verdict: 'up',
        age: millis(0),
        latency: millis(20.06),
        reason: '',
      },
    ] as const;
    const health = new Map([[eu.id, downHealth({ votes, isSuspect: true })]]);
    assert.deepEqual(reportRegion(eu, factsOf(plain, health, []), noon), {
      region: 'eu',
      title: 'Dublin',
      verdict: 'down',
      isKept: false,
      isSuspect: true,
      since: '2026-04-30T12:00:00.000Z',
      votes: [
        {
          region: 'us',
          observer: 'us-1',
          verdict: 'down',
          ageSeconds: 1.2,
          latencyMs: null,
          reason: 'refused',
        },
        {
          region: 'ap',
          observer: 'ap-1',
          verdict: 'up',
          ageSeconds: 0,
          latencyMs: 20.1,
          reason: '',
        },
      ],
      override: null,
      overrides: [],
      recovery: { stage: 'out', share: 0, nextAt: null, trips: 0 },
      load: null,
      connections: null,
      loadFrom: null,
      shed: 0,
      next: { change: 'up', at: '2026-05-01T12:00:00.000Z' },
    });
  });

  test('with how far it is on its way back', () => {
    const stage = { stage: 'half-open', share: 0.25, nextAt: millis(noon + 60_000) } as const;
    const recovery = { ...openRecovery, ...stage, trips: 1 };
    const health = new Map([[eu.id, upHealth({ recovery })]]);
    assert.deepEqual(reportRegion(eu, factsOf(plain, health, []), noon).recovery, {
      stage: 'half-open',
      share: 0.25,
      nextAt: '2026-05-01T12:01:00.000Z',
      trips: 1,
    });
  });

  test('as unknown before anybody has spoken, with the override that is in force', () => {
    const report = reportRegion(eu, factsOf(plain, new Map(), [anOverride('eu')]), noon);
    assert.equal(report.verdict, 'unknown');
    assert.equal(report.isKept, true);
    assert.equal(report.override?.id, 'override-eu');
  });

  test('with what may change next of itself: of a region without probe, its override alone', () => {
    const opinion = { verdict: 'up', since: noon, latency: undefined, reason: '' } as const;
    const opinions = new Map([[eu.id, { ...opinion, isSuspect: false }]]);
    const { vote, freshAt } = heardFrom('eu');
    const votes = [{ vote: { ...vote, opinions }, freshAt }];
    const nextOf = (words: readonly Override[], voteLifetime = millis(86_400_000)) => {
      const settings = { ...plain, health: { ...plain.health, voteLifetime } };
      return reportRegion(eu, factsOf(settings, new Map([[eu.id, upHealth()]]), words, votes), noon)
        .next;
    };
    const ends = { change: 'override-ends', at: '2026-05-01T14:00:00.000Z' };
    assert.deepEqual(nextOf([anOverride('eu')]), ends);
    const falls = { change: 'unknown', at: '2026-05-01T12:00:17.000Z' };
    assert.deepEqual(nextOf([anOverride('eu')], millis(17_000)), falls);
  });

  test('by its facts', () => {
    assert.deepEqual(reportFacts(eu), {
      region: 'eu',
      title: 'Dublin',
      country: 'IE',
      latitude: 53.3,
      longitude: -6.2,
      ipv4: ['192.0.2.1'],
      ipv6: ['2001:db8::1'],
      weight: 30,
      bias: -5,
      nameserver: ['198.51.100.53'],
    });
  });
});

describe('a service is reported', () => {
  test('with its steps and TTLs', () => {
    const service = aService({ name: '*.app.example.test', regions: [eu, us] });
    assert.deepEqual(reportService(service, aSnapshot({ regions: [eu, us] })), {
      name: '*.app.example.test',
      zone: 'example.test',
      regions: ['eu', 'us'],
      steps: ['nearest', 'take'],
      ttl: { stable: 30, short: 10 },
      floor: null,
    });
  });

  test('with its floor, and who serves for its sake alone', () => {
    const regions = ['ash', 'birch', 'cedar', 'elm'].map((id) => aRegion(id));
    const floor = { least: 3, unit: 'regions', below: 'keep' } as const;
    const service = aService({ regions, steps: [{ kind: 'alive', floor }] });
    const told = (facts: Pick<Parameters<typeof aSnapshot>[0], 'health' | 'overrides'>) =>
      reportService(service, aSnapshot({ regions, services: [service], ...facts })).floor;
    assert.deepEqual(told({}), { ...floor, down: [], early: [] });
    const health = { ash: downHealth(), birch: returningHealth(0.25), cedar: downHealth() };
    assert.deepEqual(told({ health }), { ...floor, down: ['ash'], early: ['birch'] });
    const overrides = [anOverride('ash')];
    assert.deepEqual(told({ health, overrides }), { ...floor, down: ['cedar'], early: ['birch'] });
    const held = [anOverride('ash', { kind: 'up' }), anOverride('birch', { kind: 'up' })];
    assert.deepEqual(told({ health, overrides: held }), { ...floor, down: [], early: [] });
  });
});

describe('gossip is', () => {
  function settingsOf(observers: readonly string[]): Settings {
    const services = [aService({ regions: [eu, us] })];
    const settings = aSettings({ regions: [eu, us], services, digest: '0123456789abcdef' });
    return { ...settings, health: { ...settings.health, observers } };
  }

  const lost: FleetFacts['boards'] = [{ name: 'h:1', kind: 'store', isUp: false }];

  function stateOf(observers: readonly string[], heard: readonly string[], boards = lost) {
    const health = new Map([[eu.id, upHealth()]]);
    const votes = heard.map(heardFrom);
    const facts = factsOf(settingsOf(observers), health, [anOverride('us')], votes);
    return reportHealth({ ...facts, boards }, noon);
  }

  const cases = [
    ['alone', ['eu'], ['eu'], []],
    ['alone', ['eu'], [], ['eu']],
    ['fresh', ['eu', 'us', 'ap'], ['eu', 'us', 'ap'], []],
    ['partial', ['eu', 'us', 'ap'], ['eu', 'us'], ['ap']],
    ['partial', ['eu', 'us', 'ap'], ['us', 'ap'], ['eu']],
    ['isolated', ['eu', 'us', 'ap'], ['eu'], ['us', 'ap']],
    ['isolated', ['eu', 'us', 'ap'], [], ['eu', 'us', 'ap']],
    ['isolated', ['us', 'ap'], [], ['us', 'ap']],
    ['fresh', ['us', 'ap'], ['us', 'ap'], []],
  ] as const;
  for (const [state, observers, heard, missing] of cases) {
    test(`${state} when ${heard.join(', ') || 'nobody'} of ${observers.join(', ')} is heard`, () => {
      const report = stateOf(observers, heard);
      assert.equal(report.gossip, state);
      assert.deepEqual(report.missingObservers, missing);
    });
  }

  const store = { name: 'h:1', kind: 'store' } as const;
  const peer = { name: 'peer h:2', kind: 'peer' } as const;
  const own = { name: 'local', kind: 'own', isUp: true } as const;
  const up = { isUp: true };
  const down = { isUp: false };

  test('peers when every Redis is lost and observers are heard from a peer', () => {
    const boards = [{ ...store, ...down }, { ...peer, ...down }, { ...peer, ...up }, own];
    assert.equal(stateOf(['eu', 'us', 'ap'], ['eu', 'us', 'ap'], boards).gossip, 'peers');
    const partly = stateOf(['eu', 'us', 'ap'], ['eu', 'us'], boards);
    assert.equal(partly.gossip, 'peers');
    assert.deepEqual(partly.missingObservers, ['ap']);
    assert.equal(stateOf(['eu', 'us', 'ap'], ['eu'], boards).gossip, 'isolated');
    assert.equal(stateOf(['eu'], ['eu'], boards).gossip, 'alone');
  });

  test('not peers while a Redis answers, when none does, or where there never was a Redis', () => {
    for (const boards of [
      [{ ...store, ...up }, { ...store, ...down }, { ...peer, ...up }, own],
      [{ ...store, ...down }, { ...peer, ...down }, own],
      [{ ...peer, ...up }, own],
    ]) {
      assert.equal(stateOf(['eu', 'us'], ['eu', 'us'], boards).gossip, 'fresh');
    }
  });

  test('reported beside every region, the epoch, the configuration and the boards', () => {
    const report = stateOf(['eu'], ['eu']);
    assert.equal(report.director, 'director-1');
    assert.equal(report.region, 'eu');
    assert.equal(report.epoch, 9);
    assert.equal(report.configuration, '0123456789ab');
    assert.deepEqual(report.boards, [{ board: 'h:1', isUp: false }]);
    assert.deepEqual(
      report.regions.map(({ region, verdict, override }) => [region, verdict, override?.kind]),
      [
        ['eu', 'up', undefined],
        ['us', 'unknown', 'drain'],
      ],
    );
  });
});
