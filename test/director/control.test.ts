// Control: an operator's word is checked, signed by a clock, and effective at once on every director.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createLocalBoard } from '../../src/edge/local-board.ts';
import type { Change } from '../../src/director/control.ts';
import type { Fault } from '../../src/model/fault.ts';
import { formatIp } from '../../src/model/ip.ts';
import { isPermanent, type Override, shareOfNobody } from '../../src/model/override.ts';
import type { OverrideRequest } from '../../src/model/override-request.ts';
import { millis } from '../../src/model/time.ts';
import type { Clock } from '../../src/ports.ts';
import { type DirectorStage, startDirectorStage } from '../support/director-stage.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import { aName, anOverride, aRegion, aService, aSettings, noon } from '../support/fleet.ts';

const regions = [aRegion('eu'), aRegion('us')];
const services = [aService({ regions })];
const [euAddress = '', usAddress = ''] = regions.flatMap(({ ipv4 }) => ipv4.map(formatIp));

const drain: OverrideRequest = {
  region: 'eu',
  kind: 'drain',
  actor: 'alice',
  reason: 'disk swap',
  for: '10m',
};

/** What makes a word one without an end. */
const forGood = { for: undefined, permanent: true, confirm: 'eu' };

interface Fleet {
  readonly clock: FakeClock;
  readonly one: DirectorStage;
  readonly other: DirectorStage;
}

/** Two directors that share one board. */
async function fleet(own = services): Promise<Fleet> {
  const clock = createFakeClock(noon);
  const boards = [createLocalBoard(clock)];
  const start = (id: string): DirectorStage => {
    const director = { id, region: id };
    const settings = aSettings({ regions, services: own, director });
    return startDirectorStage({ settings, clock, boards });
  };
  const directors = { clock, one: start('eu'), other: start('us') };
  await clock.advance(100);
  return directors;
}

/** Fake time passes while a promise waits for it. */
async function within<T>(clock: FakeClock, span: number, work: Promise<T>): Promise<T> {
  await clock.advance(span);
  return work;
}

/** As JSON leaves out what is undefined. */
type Changes = { readonly [Key in keyof OverrideRequest]?: OverrideRequest[Key] | undefined };

async function add({ clock, one }: Fleet, change: Changes = {}) {
  return within(clock, 100, one.control.add({ ...drain, ...change } as OverrideRequest));
}

function active({ cell }: DirectorStage): string[] {
  return Array.from(cell.view.snapshot.overrides, ([key, { kind }]) => `${key} ${kind}`);
}

function changeOf(added: Change | Fault): Change {
  assert.ok('override' in added, JSON.stringify(added));
  return added;
}

function wordOf(added: Change | Fault): Override {
  return changeOf(added).override;
}

describe('a word', () => {
  test('becomes an override with its actor, its reason and its end', async () => {
    const stage = await fleet();
    const said = stage.clock.now();
    const added = changeOf(await add(stage, { actor: ' alice ', reason: ' disk swap\n' }));
    const { clock, ...override } = added.override;
    assert.deepEqual(override, {
      id: 'eu-word-1',
      region: 'eu',
      kind: 'drain',
      actor: 'alice',
      reason: 'disk swap',
      start: said,
      end: said + 600_000,
      isLifted: false,
    });
    assert.equal(clock.node, 'eu');
    assert.equal(added.posted, 1);
  });

  test('is in force on this director before anything is awaited', async () => {
    const stage = await fleet();
    const adding = stage.one.control.add(drain);
    assert.deepEqual(active(stage.one), ['eu drain']);
    await within(stage.clock, 0, adding);
  });

  test('is in force on every director within a second', async () => {
    const stage = await fleet();
    await add(stage);
    await stage.clock.advance(900);
    assert.deepEqual(active(stage.other), ['eu drain']);
  });

  test('ends by itself, everywhere', async () => {
    const stage = await fleet();
    await add(stage, { for: '5s' });
    await stage.clock.advance(4500);
    assert.deepEqual([active(stage.one), active(stage.other)], [['eu drain'], ['eu drain']]);
    await stage.clock.advance(700);
    assert.deepEqual([active(stage.one), active(stage.other)], [[], []]);
  });

  test('replaces an earlier one on the same region', async () => {
    const stage = await fleet();
    await add(stage);
    await within(
      stage.clock,
      1500,
      stage.other.control.add({ ...drain, kind: 'up', actor: 'bob' }),
    );
    assert.deepEqual([active(stage.one), active(stage.other)], [['eu up'], ['eu up']]);
  });

  test('that leaves a service without any region says so, until one returns', async () => {
    const stage = await fleet();
    assert.deepEqual(changeOf(await add(stage)).withheld, []);
    const last = changeOf(await add(stage, { region: 'us', kind: 'down' }));
    assert.deepEqual(last.withheld, ['www.example.test']);
    const held = changeOf(await add(stage, { kind: 'up' }));
    assert.deepEqual(held.withheld, []);
  });

  test('that leaves nobody inside a fence says so, too', async () => {
    const fences = [{ countries: ['DE'], regions: ['us'] }];
    const stage = await fleet([aService({ regions, steps: [{ kind: 'fence', fences }] })]);
    assert.deepEqual(changeOf(await add(stage)).withheld, []);
    const last = changeOf(await add(stage, { region: 'us' }));
    assert.deepEqual(last.withheld, ['www.example.test']);
    await add(stage, { kind: 'up' });
    assert.deepEqual(changeOf(await add(stage, { region: 'us' })).withheld, ['www.example.test']);
  });

  test('on one region says nothing about another', async () => {
    const stage = await fleet();
    await add(stage);
    await add(stage, { region: 'us', kind: 'down' });
    assert.deepEqual(active(stage.one), ['eu drain', 'us down']);
  });
});

describe('a word on a part of a region', () => {
  test('is a register of its own, and says what it is on', async () => {
    const stage = await fleet();
    const service = 'WWW.example.test.';
    const word = wordOf(await add(stage, { service, share: 0.25 }));
    assert.equal(word.share, 0.25);
    assert.equal(word.service, aName('www'));
    await add(stage, { endpoint: euAddress });
    await add(stage, { kind: 'down' });
    await stage.clock.advance(1000);
    const all = ['eu/www.example.test drain', `eu@${euAddress} drain`, 'eu down'];
    for (const each of [stage.one, stage.other]) assert.deepEqual(active(each).sort(), all.sort());
  });

  test('for all clients is one for no share', async () => {
    const stage = await fleet();
    assert.equal('share' in wordOf(await add(stage, { share: 1 })), false);
  });

  test('that leaves a service without any region for some clients says so', async () => {
    const own = aService({ name: 'eu', regions: ['eu'] });
    const stage = await fleet([...services, own]);
    const { withheld } = changeOf(await add(stage, { service: 'eu.example.test', share: 0.05 }));
    assert.deepEqual(withheld, ['eu.example.test']);
    const address = changeOf(await add(stage, { endpoint: euAddress }));
    assert.deepEqual(address.withheld, ['eu.example.test']);
  });

  test('for nobody yet leaves a service its region, but is told of it where it would take the last one', async () => {
    const stage = await fleet();
    assert.deepEqual(changeOf(await add(stage, { share: shareOfNobody })).withheld, []);
    assert.deepEqual(changeOf(await add(stage, { region: 'us' })).withheld, []);
    const last = changeOf(await add(stage, { share: shareOfNobody }));
    assert.deepEqual(last.withheld, ['www.example.test']);
  });
});

describe('a permanent word', () => {
  test('lasts for a century, and once taken back it is remembered for a week', async () => {
    const stage = await fleet();
    const word = wordOf(await add(stage, forGood));
    assert.equal(isPermanent(word), true);
    await stage.clock.advance(60_000);
    assert.deepEqual(active(stage.other), ['eu drain']);
    const ended = wordOf(await within(stage.clock, 100, stage.other.control.end(word.id, 'bob')));
    assert.equal(ended.end - stage.clock.now(), 7 * 86_400_000 - 100);
    assert.deepEqual(active(stage.other), []);
  });

  test('is told in the log as a warning', async () => {
    const stage = await fleet();
    await add(stage, forGood);
    assert.ok(stage.one.log.lines.includes('warn override.began'));
  });
});

describe('a word that another director signed', () => {
  /** Two directors that hear nothing of each other. */
  async function strangers(ahead = 0): Promise<Fleet> {
    const clock = createFakeClock(noon);
    const start = (id: string, own: Clock): DirectorStage => {
      const director = { id, region: id };
      const settings = aSettings({ regions, services, director });
      return startDirectorStage({ settings, clock: own as FakeClock, boards: [] });
    };
    const off: Clock = { ...clock, now: () => millis(clock.now() + ahead) };
    return { clock, one: start('eu', clock), other: start('us', off) };
  }

  test('is the same word here, also of another time of day, and again it is nothing new', async () => {
    const stage = await strangers(3_600_000);
    const { override, signed } = changeOf(await add(stage, { share: 0.5 }));
    for (let times = 0; times < 2; times++) {
      const taken = wordOf(await stage.other.control.take(override.id, signed));
      assert.equal(taken.id, override.id);
      assert.deepEqual(taken.clock, override.clock);
    }
    assert.deepEqual(active(stage.other), ['eu drain']);
    const left =
      (stage.other.gossip.overrides()[0]?.end ?? 0) - stage.other.cell.view.snapshot.builtAt;
    assert.ok(Math.abs(left - 600_000) < 1000, `${left}`);
    const end = changeOf(await stage.one.control.end(override.id, 'bob'));
    await stage.other.control.take(override.id, end.signed);
    assert.deepEqual(active(stage.other), []);
  });

  test('is refused when it is of another id, bent, or no word at all', async () => {
    const stage = await strangers();
    const { override, signed } = changeOf(await add(stage));
    for (const [id, text] of [
      ['other', signed],
      [override.id, signed.replace('disk', 'risk')],
      [override.id, ''],
      [override.id, 'x'],
    ] as const) {
      const fault = await stage.other.control.take(id, text);
      assert.ok('code' in fault);
      assert.deepEqual([fault.code, fault.path], ['request.invalid', '/signed']);
    }
    assert.deepEqual(active(stage.other), []);
  });

  test('is refused when a later one is known, which has to be given here', async () => {
    const stage = await strangers(3_600_000);
    await within(stage.clock, 100, stage.other.control.add({ ...drain, kind: 'up' }));
    const { override, signed } = changeOf(await add(stage));
    const fault = await stage.other.control.take(override.id, signed);
    assert.equal('code' in fault && fault.code, 'override.outdone');
    assert.deepEqual(active(stage.other), ['eu up']);
  });
});

test('where there is no room for another word, it is refused', async () => {
  const stage = await fleet();
  const { gossip } = stage.one;
  for (let i = 0; i < 1024; i++) {
    const word = { ...anOverride(`r${i}`, { end: millis(noon + 86_400_000) }), id: `${i}` };
    void gossip.putOverride({ ...word, clock: gossip.nextClock() });
  }
  const fault = await add(stage);
  assert.equal('code' in fault && fault.code, 'override.full');
});

describe('a word is taken back', () => {
  test('by its id, on any director, and names who did it', async () => {
    const stage = await fleet();
    const { id } = wordOf(await add(stage));
    await stage.clock.advance(1000);
    const ended = wordOf(await within(stage.clock, 100, stage.other.control.end(id, ' bob ')));
    assert.equal(ended.isLifted, true);
    assert.equal(ended.actor, 'bob');
    await stage.clock.advance(1000);
    assert.deepEqual([active(stage.one), active(stage.other)], [[], []]);
    const told = stage.one.log.lines.indexOf('info override.ended');
    const { request, ...fields } = stage.one.log.fields[told] ?? {};
    assert.equal(request, undefined);
    assert.deepEqual(fields, { region: 'eu', kind: 'drain', by: 'bob', id });
  });

  test('only once, and only while it lasts', async () => {
    const stage = await fleet();
    const { id } = wordOf(await add(stage));
    const gone = { code: 'override.unknown', message: `no override in force has the id "${id}"` };
    await within(stage.clock, 100, stage.one.control.end(id, 'bob'));
    assert.deepEqual(await stage.one.control.end(id, 'bob'), gone);
    const short = wordOf(await add(stage, { for: '1s' }));
    await stage.clock.advance(1000);
    assert.equal('code' in (await stage.one.control.end(short.id, 'bob')), true);
  });

  test('by somebody with a name', async () => {
    const stage = await fleet();
    const { id } = wordOf(await add(stage));
    for (const actor of ['', '  ', 'x'.repeat(201)]) {
      assert.deepEqual(await stage.one.control.end(id, actor), {
        code: 'request.invalid',
        path: '/actor',
        message: 'want 1 to 200 characters',
      });
    }
    assert.deepEqual(active(stage.one), ['eu drain']);
  });

  test('and may be given again', async () => {
    const stage = await fleet();
    const { id } = wordOf(await add(stage));
    await within(stage.clock, 100, stage.one.control.end(id, 'bob'));
    await add(stage);
    await stage.clock.advance(1000);
    assert.deepEqual([active(stage.one), active(stage.other)], [['eu drain'], ['eu drain']]);
  });
});

describe('a word is refused', () => {
  const cases = [
    ['on a region that nobody knows', { region: 'mars' }, 'region.unknown', '/region'],
    ['of a kind that nobody knows', { kind: 'pause' as never }, 'request.invalid', '/kind'],
    ['without an actor', { actor: ' ' }, 'request.invalid', '/actor'],
    ['without a reason', { reason: '' }, 'request.invalid', '/reason'],
    [
      'with a reason as long as a letter',
      { reason: 'x'.repeat(201) },
      'request.invalid',
      '/reason',
    ],
    ['for no time', { for: '999ms' }, 'request.invalid', '/for'],
    ['on a service that nobody knows', { service: 'ftp' }, 'service.unknown', '/service'],
    ['on what is no name', { service: '..' }, 'service.unknown', '/service'],
    [
      'on a service of other regions',
      { service: 'api.example.test' },
      'request.invalid',
      '/service',
    ],
    ['on what is no address', { endpoint: 'eu' }, 'request.invalid', '/endpoint'],
    ['on the address of another region', { endpoint: usAddress }, 'request.invalid', '/endpoint'],
    [
      'on an address within a service',
      { endpoint: euAddress, service: 'www.example.test' },
      'request.invalid',
      '/endpoint',
    ],
    ['for a share of an address', { endpoint: euAddress, share: 0.5 }, 'request.invalid', '/share'],
    ['for no share', { share: 0 }, 'request.invalid', '/share'],
    ['for more than all', { share: 1.01 }, 'request.invalid', '/share'],
    ['for a share that is none', { share: Number.NaN }, 'request.invalid', '/share'],
    ['for a share of what is held up', { kind: 'up', share: 0.5 }, 'request.invalid', '/share'],
    ['for a share of what is down', { kind: 'down', share: 0.5 }, 'request.invalid', '/share'],
    ['for good but for a time', { ...forGood, for: '1h' }, 'request.invalid', '/for'],
    ['for good, said once', { ...forGood, confirm: undefined }, 'request.invalid', '/confirm'],
    [
      'for good, confirmed as another',
      { ...forGood, confirm: 'us' },
      'request.invalid',
      '/confirm',
    ],
    ['for a time, confirmed', { confirm: 'eu' }, 'request.invalid', '/confirm'],
    ['for more than a week', { for: '169h' }, 'request.invalid', '/for'],
    ['for what is no time', { for: 'ever' }, 'request.invalid', '/for'],
  ] as const;
  for (const [words, change, code, path] of cases) {
    test(words, async () => {
      const stage = await fleet([...services, aService({ name: 'api', regions: ['us'] })]);
      const fault = await stage.one.control.add({ ...drain, ...change } as OverrideRequest);
      assert.ok('code' in fault);
      assert.deepEqual([fault.code, fault.path], [code, path]);
      assert.deepEqual(active(stage.one), []);
    });
  }

  test('but taken at the bounds', async () => {
    const stage = await fleet();
    for (const span of ['1s', '7d']) assert.ok('override' in (await add(stage, { for: span })));
    for (const reason of ['x', 'x'.repeat(200)]) {
      assert.ok('override' in (await add(stage, { reason })));
    }
  });
});
