// Ballots as texts: what comes back, and what an enemy or a faulty director may have written.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import {
  type Ballot,
  decodeBallot,
  encodeBallot,
  slotOf,
} from '../../../src/director/gossip/ballot.ts';
import { createSeal } from '../../../src/edge/seal.ts';
import { parseIp } from '../../../src/model/ip.ts';
import { parseName } from '../../../src/model/name.ts';
import type { Override } from '../../../src/model/override.ts';
import { millis } from '../../../src/model/time.ts';
import { aMeasure } from '../../support/drill-report.ts';

const seal = createSeal(['secret']);

const span = (least: number) =>
  fc.double({ min: least, max: 8.64e15, noNaN: true }).map((it) => millis(it === 0 ? 0 : it));
const id = fc.stringMatching(/^[!-~]{1,64}$/);
const text = fc.string({ unit: 'binary', maxLength: 100 });
const label = fc.stringMatching(/^[a-z0-9-]{1,40}$/);
const count = fc.maxSafeNat();
// Without it, records have no prototype, which is no difference that matters here.
const plain = { noNullPrototype: true } as const;
const hybridClock = fc.record({ wall: span(0), counter: count, node: id }, plain);
const opinion = fc.record(
  {
    verdict: fc.constantFrom('up', 'down', 'unknown'),
    since: span(0),
    latency: fc.option(span(0), { nil: undefined }),
    reason: text,
    isSuspect: fc.boolean(),
  },
  plain,
);
const standing = fc.record(
  {
    configuration: fc.stringMatching(/^[0-9a-f]{12}$/),
    epoch: count,
    release: id,
    missing: fc.array(id),
    lostBoards: count,
  },
  plain,
);
const claim = fc.record(
  { ago: fc.oneof(fc.nat(), fc.constant(Number.NEGATIVE_INFINITY)), trips: count },
  plain,
);
const portion = fc.double({ min: 0, max: 1, noNaN: true }).map((it) => (it === 0 ? 0 : it));
const load = fc.record(
  {
    share: fc.option(portion, { nil: undefined }),
    connections: fc.option(count, { nil: undefined }),
    ago: fc.nat(),
    shed: fc.option(portion, { nil: undefined }),
  },
  plain,
);
const vote = fc.record(
  {
    observer: id,
    region: id,
    incarnation: count,
    sequence: count,
    opinions: fc.array(fc.tuple(id, opinion)).map((rows) => new Map(rows)),
    standing,
    returns: fc
      .array(fc.tuple(id, fc.option(claim, { nil: undefined })))
      .map((rows) => new Map(rows)),
    loads: fc.array(fc.tuple(id, load)).map((rows) => new Map(rows)),
  },
  { ...plain, requiredKeys: ['observer', 'region', 'incarnation', 'sequence', 'opinions'] },
);
const service = fc.constantFrom('www.example.test', '*.a\\.b.test', 'x').map(parseName);
const endpoint = fc.constantFrom('192.0.2.1', '2001:db8::1').map(parseIp);
const share = fc.double({ min: 0, max: 1, minExcluded: true, maxExcluded: true, noNaN: true });
/** Of all of a region, within a service, on an address, or for a share of clients. */
const words = fc.oneof(
  fc.record({ kind: fc.constantFrom('drain', 'down', 'up') }, plain),
  fc.record({ kind: fc.constantFrom('drain', 'down', 'up'), service }, plain),
  fc.record({ kind: fc.constantFrom('drain', 'down', 'up'), endpoint }, plain),
  fc.record({ kind: fc.constant('drain'), service, share }, plain),
  fc.record({ kind: fc.constant('drain'), share }, plain),
);
const spoken = fc.record(
  {
    id,
    region: id,
    actor: text,
    reason: text,
    start: fc.constant(millis(1000)),
    end: span(1000),
    isLifted: fc.boolean(),
    clock: hybridClock,
  },
  plain,
);
const override = fc.tuple(spoken, words).map(([said, word]) => ({ ...said, ...word }));
/** What is read begins at 0: how old it is, the ballot tells. */
const report = fc.record(
  {
    region: label,
    name: label,
    state: fc.constantFrom('up', 'draining', 'down'),
    load: fc.option(fc.double({ min: 0, max: 1000, noNaN: true }), { nil: undefined }),
    connections: fc.option(count, { nil: undefined }),
    reason: text,
    start: fc.constant(millis(0)),
    end: fc.integer({ min: 1, max: 86_400_000 }).map(millis),
    clock: hybridClock,
  },
  plain,
);
const ballots = fc.oneof(
  fc.record({ kind: fc.constant('vote'), vote, age: span(0), lifetime: span(1) }, plain),
  fc.record(
    { kind: fc.constant('override'), override, age: span(-1e12), lifetime: span(1) },
    plain,
  ),
  fc.record({ kind: fc.constant('report'), report, age: span(0), lifetime: span(1) }, plain),
) as fc.Arbitrary<Ballot>;

const aVote = {
  observer: 'a',
  region: 'eu',
  incarnation: 1,
  sequence: 2,
  opinions: [['eu', 'up', 0, 20, '', false] as unknown[]] as unknown,
};
const anOverride = {
  id: 'o1',
  region: 'eu',
  kind: 'drain',
  actor: 'alice',
  reason: 'disk swap',
  start: 1000,
  end: 2000,
  isLifted: false,
  clock: [1000, 0, 'a'] as unknown,
};

const aReport = {
  region: 'eu',
  name: 'app',
  state: 'draining',
  load: 0.7,
  connections: 12,
  reason: 'deploy 42',
  span: 45_000,
  clock: [1000, 0, 'a'] as unknown,
};

/** What becomes of a payload that a holder of the secret signed. */
function outcome(payload: unknown): string {
  const json = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const ballot = decodeBallot(`${seal.sign(json)} ${json}`, seal);
  return typeof ballot === 'string' ? ballot : ballot.kind;
}

test('every ballot comes back as it was', () => {
  fc.assert(
    fc.property(ballots, (ballot) => {
      assert.deepEqual(decodeBallot(encodeBallot(ballot, seal), seal), ballot);
    }),
  );
});

test('no text is a ballot unless a holder of the secret wrote it', () => {
  const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.json());
  fc.assert(
    fc.property(texts, texts, (mac, payload) => {
      assert.equal(typeof decodeBallot(mac, seal), 'string');
      assert.equal(typeof decodeBallot(`${mac} ${payload}`, seal), 'string');
    }),
  );
});

test('a ballot of which one character was changed, added or removed is none', () => {
  const change = fc.record({
    at: fc.nat(),
    removed: fc.nat(1),
    added: fc.string({ maxLength: 1 }),
  });
  fc.assert(
    fc.property(ballots, change, (ballot, { at, removed, added }) => {
      const before = encodeBallot(ballot, seal);
      const place = at % before.length;
      const after = before.slice(0, place) + added + before.slice(place + removed);
      fc.pre(after !== before);
      assert.equal(typeof decodeBallot(after, seal), 'string');
    }),
  );
});

test('what a holder of the secret signed is a ballot or malformed, and nothing is thrown', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string({ unit: 'binary' })), (payload) => {
      assert.equal(outcome(payload), 'malformed');
    }),
  );
  assert.equal(outcome('['.repeat(200_000)), 'malformed');
});

test('another secret makes another fleet', () => {
  const json = JSON.stringify({ age: 0, lifetime: 1, vote: aVote });
  assert.equal(decodeBallot(`${createSeal(['other']).sign(json)} ${json}`, seal), 'forged');
});

test('every field of a posting and of a vote is checked', () => {
  const base = { age: 0, lifetime: 1, vote: aVote };
  assert.equal(outcome(base), 'vote');
  const bad: Record<string, readonly unknown[]> = {
    age: [-1, null, '0', 9e15, undefined],
    lifetime: [0, -1, null, '1', 9e15, undefined],
    vote: [null, [], 'vote', undefined],
  };
  for (const [key, values] of Object.entries(bad)) {
    for (const value of values) assert.equal(outcome({ ...base, [key]: value }), 'malformed', key);
  }
  const good: readonly unknown[] = ['eu', 'up', 0, 20, '', false];
  const badInOpinion: readonly (readonly unknown[])[] = [
    ['', 'a b', 7],
    ['dead', 'constructor', 1],
    [-1, '0', null],
    [-1, 9e15, '20'],
    ['x'.repeat(201), 0],
    [0, null],
  ];
  const badOpinions = badInOpinion.flatMap((values, at) => values.map((it) => good.with(at, it)));
  const badInVote: Record<string, readonly unknown[]> = {
    observer: ['', 'a b', 'é', 'x'.repeat(65), 1, null],
    region: ['', 'a\n', 'x'.repeat(65), 1, null],
    incarnation: [-1, 1.5, 2 ** 53, '1', null],
    sequence: [-1, 1.5, 2 ** 53, '1', null],
    opinions: [null, {}, 'up', [null], [{}], [[]], [good.slice(0, 5)], [good, good]].concat(
      badOpinions.map((row) => [row]),
    ),
  };
  for (const [key, values] of Object.entries(badInVote)) {
    for (const value of values) {
      const payload = { ...base, vote: { ...aVote, [key]: value } };
      assert.equal(outcome(payload), 'malformed', `${key} ${JSON.stringify(value)}`);
    }
  }
});

describe('what a director says of itself', () => {
  const good = { configuration: '0123456789ab', epoch: 7, release: '1.0', missing: ['us'] };
  const standingIn = (self: unknown): unknown => {
    const json = JSON.stringify({ age: 0, lifetime: 1, vote: { ...aVote, standing: self } });
    const ballot = decodeBallot(`${seal.sign(json)} ${json}`, seal);
    assert.ok(typeof ballot !== 'string' && ballot.kind === 'vote', 'the vote counts');
    return ballot.vote.standing;
  };

  test('is taken with the vote, whatever a later release adds to it', () => {
    const whole = { ...good, lostBoards: 0 };
    assert.deepEqual(standingIn(whole), whole);
    assert.deepEqual(standingIn({ ...whole, mood: 'fine' }), whole);
  });

  test('is left out where it cannot be read, and the vote counts without', () => {
    const bad: Record<string, readonly unknown[]> = {
      configuration: ['', '0123456789AB', '0123456789abc', 1, null],
      epoch: [-1, 0.5, '1', null],
      release: ['', 'a b', 'x'.repeat(65), 1, null],
      missing: [null, 'us', [''], [1], Array.from({ length: 257 }, () => 'us')],
      lostBoards: [-1, 0.5, '1', null, undefined],
    };
    for (const [key, values] of Object.entries(bad)) {
      for (const value of values) {
        assert.equal(standingIn({ ...good, lostBoards: 0, [key]: value }), undefined, key);
      }
    }
    for (const none of [undefined, null, [], 'fine', 7]) assert.equal(standingIn(none), undefined);
  });

  test('names no more missing regions than every reader takes', () => {
    const missing = Array.from({ length: 1000 }, (_, i) => `r${i}`);
    const self = { ...good, missing, lostBoards: 0 };
    const said = { observer: 'a', region: 'eu', incarnation: 1, sequence: 2, standing: self };
    const ballot = { kind: 'vote', vote: { ...said, opinions: new Map() }, age: 0, lifetime: 1 };
    const read = decodeBallot(encodeBallot(ballot as unknown as Ballot, seal), seal);
    assert.ok(typeof read !== 'string' && read.kind === 'vote');
    assert.deepEqual(read.vote.standing?.missing, missing.slice(0, 256));
  });
});

test('claims on returns that make no sense are left out, and their vote counts', () => {
  const read = (returns: unknown): unknown => {
    const json = JSON.stringify({ age: 0, lifetime: 1, vote: { ...aVote, returns } });
    const ballot = decodeBallot(`${seal.sign(json)} ${json}`, seal);
    assert.ok(typeof ballot !== 'string' && ballot.kind === 'vote');
    return ballot.vote.returns && [...ballot.vote.returns];
  };
  assert.equal(read(undefined), undefined);
  for (const none of [null, 5, 'eu', {}]) assert.equal(read(none), undefined);
  assert.deepEqual(read([['eu', 90_000, 2], ['us', null, 1], ['ap']]), [
    ['eu', { ago: 90_000, trips: 2 }],
    ['us', { ago: Number.NEGATIVE_INFINITY, trips: 1 }],
    ['ap', undefined],
  ]);
  // Who says something else of a region says nothing that can be followed.
  const odd = [
    ['eu', -1, 0],
    ['us', '5', 0],
    ['ap', 5, -1],
    ['sa', 9e15, 0],
    ['af', 1],
    ['au', 1, {}],
  ];
  assert.deepEqual(
    read([...odd, null, 5, [], [5, 1, 1], ['a b', 1, 1], 'xx']),
    odd.map(([region]) => [region, undefined]),
  );
});

test('what a word broke goes along with it, and what cannot be read of that is left out', () => {
  const breakGlass = { rules: ['minRegions'], reason: 'the water rises' };
  const clock = { wall: 5, counter: 0, node: 'eu' };
  const word = { ...anOverride, clock } as unknown as Override;
  const ballotOf = (more: object) =>
    ({
      kind: 'override',
      override: { ...word, ...more },
      age: 0,
      lifetime: 1,
    }) as unknown as Ballot;
  const read = decodeBallot(encodeBallot(ballotOf({ breakGlass }), seal), seal);
  assert.ok(typeof read !== 'string' && read.kind === 'override');
  assert.deepEqual(read.override.breakGlass, breakGlass);
  for (const bad of [
    7,
    null,
    [],
    {},
    { rules: [], reason: 'x' },
    { rules: [7], reason: 'x' },
    { rules: ['a'] },
  ]) {
    const payload = { age: -5, lifetime: 1, override: { ...anOverride, breakGlass: bad } };
    assert.equal(outcome(payload), 'override', JSON.stringify(bad));
  }
});

test('every field of an override is checked', () => {
  const base = { age: -5, lifetime: 1, override: anOverride };
  assert.equal(outcome(base), 'override');
  const bad: Record<string, readonly unknown[]> = {
    id: ['', 'a b', 'x'.repeat(65), 1],
    region: ['', 'a b', 'x'.repeat(65), 1],
    kind: ['', 'DRAIN', 'toString', 1],
    actor: ['x'.repeat(201), 1, null],
    reason: ['x'.repeat(201), 1, null],
    start: [-1, 2001, '0', null],
    end: [999, 9e15, '0', null],
    isLifted: [0, 'false', null],
    clock: [
      null,
      {},
      [],
      [1],
      [-1, 0, 'a'],
      [0, -1, 'a'],
      [0, 0.5, 'a'],
      [0, 0, ''],
      ['0', 0, 'a'],
    ],
  };
  for (const [key, values] of Object.entries(bad)) {
    for (const value of values) {
      const payload = { ...base, override: { ...anOverride, [key]: value } };
      assert.equal(outcome(payload), 'malformed', `${key} ${JSON.stringify(value)}`);
    }
  }
});

test('a word that is not on all clients of a region is one that 0.1.0 refuses, and is read whole', () => {
  const kinds = [
    ['drain', { service: 'www.example.test' }],
    ['up', { endpoint: '192.0.2.1' }],
    ['drain', { share: 0.25 }],
    ['drain', { share: 0.25, service: 'www.example.test' }],
  ];
  for (const kind of kinds) {
    const payload = { age: -5, lifetime: 1, override: { ...anOverride, kind } };
    assert.equal(outcome(payload), 'override', JSON.stringify(kind));
    const json = JSON.stringify(payload);
    const ballot = decodeBallot(`${seal.sign(json)} ${json}`, seal);
    assert.ok(typeof ballot !== 'string');
    const written = encodeBallot(ballot, seal);
    assert.deepEqual(JSON.parse(written.slice(written.indexOf(' ') + 1)), payload);
  }
});

test('a word whose part cannot be read is none: it would be about something else', () => {
  const kinds = [
    [],
    ['drain'],
    ['drain', {}],
    ['drain', null],
    ['DRAIN', { share: 0.5 }],
    [['drain'], { share: 0.5 }],
    ['drain', { service: '' }],
    ['drain', { service: 7 }],
    ['drain', { service: 'x'.repeat(2000) }],
    ['drain', { service: null, share: 0.5 }],
    ['drain', { endpoint: '192.0.2.256' }],
    ['drain', { endpoint: [], share: 0.5 }],
    ['drain', { service: 'www.example.test', endpoint: '192.0.2.1' }],
    ['drain', { endpoint: '192.0.2.1', share: 0.5 }],
    ['down', { share: 0.5 }],
    ['up', { share: 0.5 }],
    ...[0, 1, -1, 2, '0.5', null].map((each) => ['drain', { share: each }]),
  ];
  for (const kind of kinds) {
    const payload = { age: -5, lifetime: 1, override: { ...anOverride, kind } };
    assert.equal(outcome(payload), 'malformed', JSON.stringify(kind));
  }
});

test('each word has a slot for what it is on, whose name is short', () => {
  const slot = (part: object): string =>
    slotOf({ kind: 'override', override: { ...anOverride, ...part } } as unknown as Ballot);
  const names = ['www.example.test', 'api.example.test', `${'x'.repeat(63)}.`.repeat(3)];
  const slots = [
    slot({}),
    ...names.map((name) => slot({ service: parseName(name) })),
    slot({ endpoint: parseIp('192.0.2.1') }),
  ];
  assert.equal(slots[0], `override.${anOverride.region}`);
  assert.equal(new Set(slots).size, slots.length);
  for (const each of slots) assert.match(each, /^override\.[a-z]+(\.[0-9a-z]{1,14})?$/);
  // Of a share there is one word, which a word on all replaces.
  assert.equal(slot({ share: 0.5 }), slots[0]);
});

test('every field of a report is checked', () => {
  const base = { age: 5, lifetime: 1, report: aReport };
  assert.equal(outcome(base), 'report');
  const { load: _, connections: __, ...least } = aReport;
  assert.equal(outcome({ ...base, report: least }), 'report');
  assert.equal(outcome({ ...base, age: -1 }), 'malformed');
  const bad: Record<string, readonly unknown[]> = {
    region: ['', 'a b', 'a.b', 'EU', 'x'.repeat(41), 1, null],
    name: ['', 'a b', 'a.b', 'App', 'x'.repeat(41), '__proto__', 1, null],
    state: ['', 'UP', 'toString', 1, null],
    load: [-0.1, 1000.1, '0.7', null],
    connections: [-1, 1.5, 2 ** 53, '1', null],
    reason: ['x'.repeat(201), 1, null, undefined],
    span: [0, -1, 86_400_001, '45', null, undefined],
    clock: [null, [], [0, 0, ''], ['0', 0, 'a']],
  };
  for (const [key, values] of Object.entries(bad)) {
    for (const value of values) {
      const payload = { ...base, report: { ...aReport, [key]: value } };
      assert.equal(outcome(payload), 'malformed', `${key} ${JSON.stringify(value)}`);
    }
  }
});

test('a kind of ballot that a later release may have is refused and no more', () => {
  assert.equal(outcome({ age: 0, lifetime: 1, weather: { sky: 'blue' } }), 'malformed');
});

test('names that mean something to JavaScript are names like others', () => {
  const opinions = [['__proto__', 'up', 0, null, '', false]];
  const json = JSON.stringify({ age: 0, lifetime: 1, vote: { ...aVote, opinions } });
  const ballot = decodeBallot(`${seal.sign(json)} ${json}`, seal);
  assert.ok(typeof ballot !== 'string' && ballot.kind === 'vote');
  assert.deepEqual([...ballot.vote.opinions.keys()], ['__proto__']);
});

test('long words of people are cut to what every reader takes', () => {
  const word = (length: number) => '🛰'.repeat(length);
  const { clock: _, ...rest } = anOverride;
  const written = { ...rest, actor: word(300), reason: word(300) };
  const clock = { wall: 0, counter: 0, node: 'a' };
  const ballot = { kind: 'override', override: { ...written, clock }, age: 0, lifetime: 1 };
  const read = decodeBallot(encodeBallot(ballot as unknown as Ballot, seal), seal);
  assert.ok(typeof read !== 'string' && read.kind === 'override');
  assert.equal(read.override.reason, word(100));
  assert.equal(read.override.actor, word(100));
});

test('four thousand regions fit, ten thousand opinions are the most, and a text has an end', () => {
  const usual = ['up', 1_767_225_600_000, 20.25, '', false];
  const withRegions = (many: number, name: string, row: readonly unknown[]): string => {
    const opinions = Array.from({ length: many }, (_, i) => [name + i.toString(36), ...row]);
    return outcome({ age: 0, lifetime: 1, vote: { ...aVote, opinions } });
  };
  assert.equal(withRegions(4000, 'region-', usual), 'vote');
  assert.equal(withRegions(10_000, '', usual.with(1, 0).with(2, 0)), 'vote');
  assert.equal(withRegions(10_001, '', usual.with(1, 0).with(2, 0)), 'malformed');
  assert.equal(withRegions(6000, 'region-', usual), 'oversized');
});

test('of what a vote says of loads, whatever cannot be is left out, and the vote counts all the same', () => {
  const read = (loads: unknown): unknown => {
    const json = JSON.stringify({ age: 0, lifetime: 1, vote: { ...aVote, loads } });
    const ballot = decodeBallot(`${seal.sign(json)} ${json}`, seal);
    assert.ok(typeof ballot !== 'string' && ballot.kind === 'vote');
    return ballot.vote.loads && [...ballot.vote.loads];
  };
  const nothing = { share: undefined, connections: undefined, ago: 0, shed: undefined };
  const rows: readonly [row: unknown, read: unknown][] = [
    [['eu', 0.5, 12, 100, 0.25], [['eu', { share: 0.5, connections: 12, ago: 100, shed: 0.25 }]]],
    [['eu', null, null, 0, null], [['eu', nothing]]],
    [['eu', -1, 1.5, 0, 1.1], [['eu', nothing]]],
    [['eu', 1e10, -1, 0, -0.1], [['eu', nothing]]],
    [['eu', '1', '1', 0, '1'], [['eu', nothing]]],
    [['eu', 1, 1, -1, 1], []],
    [['eu', 1, 1], []],
    [['a b', 1, 1, 0, 1], []],
    ['eu', []],
    [null, []],
  ];
  for (const [row, wanted] of rows) assert.deepEqual(read([row]), wanted, JSON.stringify(row));
  for (const none of [undefined, null, {}, 'eu', 7]) assert.equal(read(none), undefined);
});

test('of what a vote says of a drill, whatever cannot be is left out, and the vote counts all the same', () => {
  const read = (drill: unknown): unknown => {
    const json = JSON.stringify({ age: 0, lifetime: 1, vote: { ...aVote, drill } });
    const ballot = decodeBallot(`${seal.sign(json)} ${json}`, seal);
    assert.ok(typeof ballot === 'object' && ballot.kind === 'vote');
    return ballot.vote.drill;
  };
  const measure = aMeasure();
  assert.deepEqual(read(measure), measure);
  const [step] = measure.steps;
  const { returns } = measure;
  for (const wrong of [
    'x',
    { ...measure, drill: '<script>' },
    { ...measure, steps: undefined },
    { ...measure, steps: Array(17).fill(step) },
    { ...measure, steps: [{ ...step, share: 2 }] },
    { ...measure, steps: [{ ...step, asked: 101 }] },
    { ...measure, steps: [{ ...step, moved: -1 }] },
    { ...measure, steps: [{ ...step, firstMoved: 'soon' }] },
    { ...measure, steps: [{ ...step, askedAgain: {} }] },
    { ...measure, steps: [{ ...step, curve: Array(100).fill(1) }] },
    { ...measure, steps: [{ ...step, curve: [1.5] }] },
    { ...measure, returns: { ...returns, counts: Array(9).fill(1) } },
    { ...measure, returns: { ...returns, late: null } },
    { ...measure, unnoted: 'many' },
  ]) {
    assert.equal(read(wrong), undefined, JSON.stringify(wrong));
  }
});
