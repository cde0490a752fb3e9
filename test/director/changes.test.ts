// Changes between two moments: what is told, in which order, and what is not.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { changesBetween, type Moment } from '../../src/director/changes.ts';
import type { DecisionState } from '../../src/model/decision.ts';
import type { Change } from '../../src/model/event.ts';
import { openRecovery } from '../../src/health/recover.ts';
import type { Recovery, RegionHealth } from '../../src/model/health.ts';
import type { RegionId } from '../../src/model/region.ts';
import type { Override } from '../../src/model/override.ts';
import { millis } from '../../src/model/time.ts';
import {
  aLoad,
  anOverride,
  aRegion,
  aService,
  aSettings,
  downHealth,
  noon,
  upHealth,
} from '../support/fleet.ts';

const regions = [aRegion('eu'), aRegion('us')];
const settings = aSettings({ regions, services: [aService({ regions })] });

interface Facts {
  readonly epoch?: number;
  readonly configuration?: string;
  readonly health?: Readonly<Record<string, RegionHealth>>;
  readonly overrides?: readonly Override[];
  readonly words?: readonly Override[];
  readonly gossip?: Partial<Moment['gossip']>;
  readonly configurations?: Moment['configurations'];
  readonly files?: Partial<Moment['files']>;
  readonly services?: Readonly<Record<string, DecisionState>>;
  readonly isolated?: readonly string[];
  readonly digest?: string;
  /** What each region passes on. */
  readonly sheds?: Readonly<Record<string, number>>;
  readonly broken?: Readonly<Record<string, string>>;
}

function moment(facts: Facts = {}): Moment {
  const {
    epoch = 1,
    configuration = 'test',
    health = {},
    overrides = [],
    words = overrides,
  } = facts;
  return {
    snapshot: {
      epoch,
      settings: { ...settings, configuration, digest: facts.digest ?? settings.digest },
      overrides: new Map(overrides.map((word) => [word.region, word])),
      loads: new Map(
        Object.entries(facts.sheds ?? {}).map(([id, shed]) => [
          id as RegionId,
          aLoad({ shed, share: 1.23456 }),
        ]),
      ),
    },
    health: new Map(Object.entries(health)) as never,
    words,
    gossip: { gossip: 'fresh', missingObservers: [], boards: [], ...facts.gossip },
    configurations: facts.configurations ?? [],
    files: { areGood: true, goodAt: '', faultCount: 0, faults: [], ...facts.files },
    services: new Map(Object.entries(facts.services ?? {})),
    isolated: new Set(facts.isolated),
    broken: new Map(Object.entries(facts.broken ?? {})),
    doorOf: ({ actor }) => (actor === 'bob' ? { door: 'token ops', rules: [] } : undefined),
  };
}

function changes(before: Facts, after: Facts): Change[] {
  return changesBetween(moment(before), moment(after));
}

describe('a verdict', () => {
  test('that turned is told with its reason, if somebody gave one', () => {
    const fell = changes({ health: { eu: upHealth() } }, { health: { eu: downHealth() } });
    const down = { type: 'verdict', region: 'eu', from: 'up', to: 'down', isKept: false } as const;
    const reason = 'timed out after 2s';
    const vote = { observer: 'watch-1', region: 'watch', verdict: 'down', reason } as const;
    assert.deepEqual(fell, [{ ...down, reason, votes: [vote] }]);
    const rose = changes({ health: { eu: downHealth() } }, { health: { eu: upHealth() } });
    assert.deepEqual(rose, [{ ...down, from: 'down', to: 'up', reason: '', votes: [] }]);
  });

  test('that is kept from now on, or no longer, is told', () => {
    const kept = { eu: upHealth({ isKept: true }) };
    const told = {
      type: 'verdict',
      region: 'eu',
      from: 'up',
      to: 'up',
      reason: '',
      votes: [],
    } as const;
    const sure = { eu: upHealth() };
    assert.deepEqual(changes({ health: sure }, { health: kept }), [{ ...told, isKept: true }]);
    assert.deepEqual(changes({ health: kept }, { health: sure }), [{ ...told, isKept: false }]);
  });

  test('is told first when it is known, not while it is unknown', () => {
    const unknown = { eu: upHealth({ verdict: 'unknown', isKept: true }) };
    assert.deepEqual(changes({}, { health: unknown }), []);
    const told = {
      type: 'verdict',
      region: 'eu',
      to: 'up',
      isKept: false,
      reason: '',
      votes: [],
    } as const;
    assert.deepEqual(changes({}, { health: { eu: upHealth() } }), [{ ...told, from: 'none' }]);
    assert.deepEqual(changes({ health: unknown }, { health: { eu: upHealth() } }), [
      { ...told, from: 'unknown' },
    ]);
  });

  test('that is in doubt, or no longer, is told as suspicion', () => {
    const health = { eu: upHealth() };
    const doubtful = { eu: upHealth({ isSuspect: true }) };
    const told = { type: 'suspicion', region: 'eu' } as const;
    assert.deepEqual(changes({ health }, { health: doubtful }), [{ ...told, isSuspect: true }]);
    assert.deepEqual(changes({ health: doubtful }, { health }), [{ ...told, isSuspect: false }]);
  });

  test('whose votes grew older is no news', () => {
    const older = { eu: downHealth({ votes: [] }) };
    assert.deepEqual(changes({ health: { eu: downHealth() } }, { health: older }), []);
  });
});

describe('a return', () => {
  const returning = (recovery: Partial<Recovery>) => ({
    health: { eu: upHealth({ recovery: { ...openRecovery, ...recovery } }) },
  });
  const out = { stage: 'out', share: 0 } as const;
  const holding = { stage: 'holding', share: 0, nextAt: millis(noon + 1000) } as const;
  const quarter = { stage: 'half-open', share: 0.25, nextAt: millis(noon + 2000) } as const;

  test('is told at each stage and at each share, with the moment of the next', () => {
    const told = { type: 'return', region: 'eu', trips: 0 } as const;
    assert.deepEqual(changes(returning(out), returning(holding)), [
      { ...told, from: 'out', to: 'holding', share: 0, until: '2026-05-01T12:00:01.000Z' },
    ]);
    assert.deepEqual(changes(returning(quarter), returning({ ...quarter, share: 0.5 })), [
      {
        ...told,
        from: 'half-open',
        to: 'half-open',
        share: 0.5,
        until: '2026-05-01T12:00:02.000Z',
      },
    ]);
    assert.deepEqual(changes(returning(quarter), returning({})), [
      { ...told, from: 'half-open', to: 'open', share: 1, until: null },
    ]);
  });

  test('is not told where the verdict says it all, where only its schedule moved, or at first', () => {
    assert.deepEqual(changes(returning({}), returning(out)), []);
    const later = { ...quarter, nextAt: millis(noon + 3000) };
    assert.deepEqual(changes(returning(quarter), returning(later)), []);
    const [first, ...rest] = changes({}, returning(quarter));
    assert.equal(first?.type, 'verdict');
    assert.deepEqual(rest, []);
  });

  test('that failed is told as a trip', () => {
    assert.deepEqual(changes(returning(out), returning({ ...out, trips: 1 })), [
      { type: 'trip', region: 'eu', trips: 1 },
    ]);
    assert.deepEqual(changes(returning({ trips: 1 }), returning({})), []);
  });
});

describe('an override', () => {
  const word = anOverride('eu');
  const told = {
    type: 'override',
    region: 'eu',
    id: 'override-eu',
    kind: 'drain',
    reason: 'disk swap',
    end: '2026-05-01T14:00:00.000Z',
    override: 'override-eu',
    start: '2026-05-01T11:00:00.000Z',
    from: 'director-1',
    door: null,
  } as const;

  test('that began is told with who gave it', () => {
    const began = { ...told, hasBegun: true, by: 'alice' };
    assert.deepEqual(changes({}, { overrides: [word] }), [began]);
  });

  test('that ended is told with who lifted it, and with nobody when its time was over', () => {
    const ended = { ...told, hasBegun: false, by: null, from: null };
    assert.deepEqual(changes({ overrides: [word] }, {}), [ended]);
    assert.deepEqual(changes({ overrides: [word] }, { words: [word] }), [ended]);
    const lifted = { ...word, isLifted: true, actor: 'bob' };
    const byBob = { ...ended, by: 'bob', from: 'director-1', door: 'token ops', rules: [] };
    assert.deepEqual(changes({ overrides: [word] }, { words: [lifted] }), [byBob]);
  });

  test('that another one replaced is told to have ended first, by who gave the other', () => {
    const other = { ...word, id: 'other', kind: 'up', actor: 'bob' } as const;
    assert.deepEqual(changes({ overrides: [word] }, { overrides: [other] }), [
      { ...told, hasBegun: false, by: 'bob', door: 'token ops', rules: [] },
      {
        ...told,
        id: 'other',
        override: 'other',
        kind: 'up',
        hasBegun: true,
        by: 'bob',
        door: 'token ops',
        rules: [],
      },
    ]);
  });

  test('that goes on is no news', () => {
    assert.deepEqual(changes({ overrides: [word] }, { overrides: [word] }), []);
  });
});

describe('gossip', () => {
  const board = (name: string, isUp: boolean) => ({ board: name, isUp });

  test('is told when its state, the observers it misses or its lost boards are others', () => {
    const told = { type: 'gossip', from: 'fresh', to: 'fresh' } as const;
    const none = { missingObservers: [], lostBoards: [] };
    const cases: [Partial<Moment['gossip']>, Partial<Change>][] = [
      [{ gossip: 'isolated' }, { to: 'isolated' }],
      [{ missingObservers: ['us'] }, { missingObservers: ['us'] }],
      [{ boards: [board('a', false), board('b', true)] }, { lostBoards: ['a'] }],
    ];
    for (const [gossip, expected] of cases) {
      assert.deepEqual(changes({}, { gossip }), [{ ...told, ...none, ...expected }]);
    }
    assert.deepEqual(changes({}, { gossip: { boards: [board('a', true)] } }), []);
  });
});

test('a new configuration comes first, and a new snapshot last', () => {
  const before = { health: { eu: upHealth() } };
  const after = { epoch: 3, configuration: 'abc', health: { eu: downHealth() } };
  assert.deepEqual(
    changes(before, after).map(({ type }) => type),
    ['configuration', 'verdict', 'epoch'],
  );
  assert.deepEqual(changes({}, { configuration: 'abc' }), [
    { type: 'configuration', from: 'test', to: 'abc', files: { from: 'test', to: 'test' } },
  ]);
  assert.deepEqual(
    changes({ digest: 'a'.repeat(64) }, { digest: 'b'.repeat(64) }),
    [
      {
        type: 'configuration',
        from: 'test',
        to: 'test',
        files: { from: 'aaaaaaaaaaaa', to: 'bbbbbbbbbbbb' },
      },
    ],
    'a setting of this director alone',
  );
  assert.deepEqual(changes({}, { epoch: 2 }), [{ type: 'epoch' }]);
  assert.deepEqual(changes({}, {}), []);
});

test('a mixed fleet is told when it begins and when it ends, and not at each step between', () => {
  const on = (configuration: string, ...directors: string[]) => ({ configuration, directors });
  const one = { configurations: [on('abc', 'eu-1', 'us-1', 'ap-1')] };
  const two = { configurations: [on('abc', 'eu-1', 'us-1'), on('fff', 'ap-1')] };
  const later = { configurations: [on('fff', 'us-1', 'ap-1'), on('abc', 'eu-1')] };
  assert.deepEqual(changes(one, two), [{ type: 'mixture', isMixed: true, ...two }]);
  assert.deepEqual(changes(two, later), []);
  assert.deepEqual(changes(later, one), [{ type: 'mixture', isMixed: false, ...one }]);
});

test('faults in the files are told as they come, change and go', () => {
  const faulty = (...faults: string[]) => ({
    files: { areGood: false, faultCount: faults.length, faults },
  });
  const bad = { type: 'files', areGood: false } as const;
  assert.deepEqual(changes({}, faulty('a')), [{ ...bad, faults: ['a'] }]);
  assert.deepEqual(changes(faulty('a'), faulty('a')), []);
  assert.deepEqual(changes(faulty('a'), faulty('b')), [{ ...bad, faults: ['b'] }]);
  assert.deepEqual(changes(faulty('b'), {}), [{ type: 'files', areGood: true, faults: [] }]);
});

test('a service that is answered in another way, and is so again, is told', () => {
  const told = { type: 'service', service: 'www.example.test' } as const;
  const state = (to: DecisionState) => ({ services: { 'www.example.test': to } });
  assert.deepEqual(changes(state('healthy'), state('fail-open')), [
    { ...told, from: 'healthy', to: 'fail-open' },
  ]);
  assert.deepEqual(changes(state('withheld'), state('healthy')), [
    { ...told, from: 'withheld', to: 'healthy' },
  ]);
  assert.deepEqual(changes({}, state('healthy')), []);
  assert.deepEqual(changes({}, state('below-floor')), [
    { ...told, from: 'healthy', to: 'below-floor' },
  ]);
  assert.deepEqual(changes(state('fail-open'), {}), [], 'the configuration took it out');
});

test('an observer whose votes are left out, and count again, is told', () => {
  const told = { type: 'isolation', observer: 'eu-1' } as const;
  assert.deepEqual(changes({}, { isolated: ['eu-1'] }), [{ ...told, isIsolated: true }]);
  assert.deepEqual(changes({ isolated: ['eu-1'] }, {}), [{ ...told, isIsolated: false }]);
});

test('what a busy region passes on is told whenever that changes, also when it ends or nothing is known any more', () => {
  const change = (before: Facts['sheds'], after: Facts['sheds']): readonly Change[] =>
    changesBetween(moment({ sheds: before ?? {} }), moment({ sheds: after ?? {} }));
  const eu = { type: 'shed', region: 'eu' } as const;
  assert.deepEqual(change({}, { eu: 0.14, us: 0 }), [{ ...eu, from: 0, to: 0.14, load: 1.2346 }]);
  assert.deepEqual(change({ eu: 0.14 }, { eu: 0.3 }), [
    { ...eu, from: 0.14, to: 0.3, load: 1.2346 },
  ]);
  assert.deepEqual(change({ eu: 0.3 }, { eu: 0.3 }), []);
  assert.deepEqual(change({ eu: 0.3 }, {}), [{ ...eu, from: 0.3, to: 0, load: null }]);
});
