// Drills on a real fleet: three directors, two real Redis servers, real origins, and three thousand client networks.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { TimelinePage } from '../../src/model/audit.ts';
import type { DrillReport, DrillRequest } from '../../src/model/drill.ts';
import type { OverrideReport } from '../../src/model/report.ts';
import { askUdp } from '../support/ask.ts';
import type { DirectorProcess } from '../support/director-process.ts';
import { type ClientNetwork, startTraffic, type Traffic } from '../support/drill-traffic.ts';
import { eventually } from '../support/eventually.ts';
import {
  addressOf,
  allSay,
  directorOf,
  directorsOf,
  type Fleet,
  getJson,
  healthOf,
  startFleet,
} from '../support/fleet-process.ts';
import { startFigures } from '../support/figures.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { linesOf } from '../support/solo.ts';

const [stable, short] = [6, 3];

/** What no machine of a test needs on top of what is promised. */
const marginMs = 15_000;

let redises: TestRedis[];
let fleet: Fleet;
let traffic: Traffic;
/** Who is Dublin's while nothing is drained: of all clients, and of the sample. */
let own: readonly ClientNetwork[];
let sample: ReadonlySet<string>;

before(async () => {
  redises = await Promise.all([startRedis(), startRedis()]);
  fleet = await startFleet(
    redises.map(({ url }) => url),
    {
      ttl: `{ stable: ${stable}s, short: ${short}s }`,
      more: 'dns: { rateLimit: { perSecond: 0 } }\n',
    },
  );
  await allSay(fleet, 'fresh');
  traffic = startTraffic({
    ports: directorsOf(fleet).map(({ dnsPort }) => dnsPort),
    networks: 3000,
    // One in ten resolvers holds an answer for twice as long as it may.
    overstay: { share: 0.1, times: 2 },
  });
  await traffic.filled;
  own = traffic.networks.filter(hasDublin);
  sample = await clientsOf(directorOf(fleet, 'us'));
  assert.ok(own.length > 1000, `${own.length} networks are Dublin's`);
  assert.ok(sample.size > 80, `${sample.size} of the sample`);
});

after(async () => {
  await traffic?.[Symbol.asyncDispose]();
  await fleet?.[Symbol.asyncDispose]();
  for (const redis of redises) await redis[Symbol.asyncDispose]();
});

const hasDublin = ({ held }: ClientNetwork): boolean => held?.data === addressOf('eu');

const networks = Array.from({ length: 200 }, (_, i) => `${77 + (i % 18)}.${(i * 7) % 256}.0.0/24`);

/** Which of the networks a director answers with the region in Dublin, now and whatever it said before. */
async function clientsOf(director: DirectorProcess): Promise<Set<string>> {
  const found = new Set<string>();
  for (let i = 0; i < networks.length; i += 20) {
    const asked = networks.slice(i, i + 20).map(async (subnet) => {
      const reply = await askUdp(director.dnsPort, { name: 'www.example.test', subnet });
      if (reply.answers[0]?.data === addressOf('eu')) found.add(subnet);
    });
    await Promise.all(asked);
  }
  return found;
}

async function sizesAt(directors: readonly DirectorProcess[]): Promise<number[]> {
  return (await Promise.all(directors.map(clientsOf))).map(({ size }) => size);
}

const plan: DrillRequest = {
  region: 'eu',
  lowerTtl: false,
  steps: [
    { share: 0.5, hold: '8s' },
    { share: 1, hold: '12s' },
  ],
  actor: 'alice',
  reason: 'quarterly drill',
};

async function begin(director: DirectorProcess, change: Partial<DrillRequest> = {}) {
  const response = await fetch(`${director.http}/v1/drills`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...plan, ...change }),
  });
  const report = (await response.json()) as DrillReport;
  assert.equal(response.status, 201, JSON.stringify(report));
  return report;
}

/** When the words that each of these directors has in force end of themselves, the last of all. */
async function lastEnd(directors: readonly DirectorProcess[]): Promise<number> {
  const lists = await Promise.all(
    directors.map((each) => getJson<OverrideReport[]>(each, '/v1/overrides')),
  );
  const ends = lists.map((list) => list.filter(({ isActive }) => isActive).map(({ end }) => end));
  assert.ok(ends.every((each) => each.length === 1));
  return Math.max(...ends.flat().map((end) => Date.parse(end)));
}

/** Every one of them answers each client of Dublin as before, by then at the latest. */
async function allReturn(
  directors: readonly DirectorProcess[],
  by = Number.POSITIVE_INFINITY,
): Promise<void> {
  let asked = 0;
  await eventually('every director answers as before', async () => {
    asked = Date.now();
    const all = await Promise.all(directors.map(clientsOf));
    return all.every((clients) => sample.isSubsetOf(clients));
  });
  assert.ok(asked <= by + marginMs, `it was ${(asked - by) / 1000} s after the last word's end`);
}

/** The clients behind them have what they had, also those whose resolvers overstay. */
async function clientsReturn(directors = directorsOf(fleet)): Promise<void> {
  const ports = directors.map(({ dnsPort }) => dnsPort);
  const theirs = own.filter(({ port }) => ports.includes(port));
  assert.ok(theirs.length > 300 * directors.length);
  await eventually('clients have returned', () => theirs.every(hasDublin));
}

describe('a drill on a fleet of three', { concurrency: false }, () => {
  test('goes from its plan to a report of who moved, and returns', async (t) => {
    const { id } = await begin(directorOf(fleet, 'eu'), {
      lowerTtl: true,
      // Whoever overstays asks within 6 s of a step; a question that is lost costs 2 s more.
      steps: [0.5, 1].map((share) => ({ share, hold: '14s' })),
      objectives: { firstMoved: '12s', drained: '14s' },
    });
    let report: DrillReport;
    const unmoved = new Set(own);
    do {
      await new Promise((resolve) => setTimeout(resolve, 250));
      report = await getJson<DrillReport>(directorOf(fleet, 'eu'), `/v1/drills/${id}`);
      for (const network of unmoved) if (!hasDublin(network)) unmoved.delete(network);
    } while (report.isMet === null);
    assert.equal(report.phase, 'done', JSON.stringify(report.abort));
    assert.equal(report.isMet, true, JSON.stringify(report));
    assert.equal(unmoved.size, 0, 'every client was moved, behind every director');
    const [first, last] = report.steps;
    assert.ok((first?.networks ?? 0) > own.length / 4 && first?.asked === first?.networks);
    assert.equal(first?.observed, first?.predicted);
    assert.ok(Math.abs((first?.observed ?? 0) - 0.5) < 0.1, String(first?.observed));
    assert.equal(last?.observed, 1);
    await allReturn(directorsOf(fleet));
    await clientsReturn();
    for (const step of report.steps) {
      const { share, networks: all, moved, firstMovedSeconds, askedAgainSeconds } = step;
      const times = `the first after ${firstMovedSeconds} s, 90 % asked again by ${askedAgainSeconds[90]} s`;
      t.diagnostic(`${share * 100} %: ${moved} of ${all} moved, ${times}`);
    }
  });

  test('ends at once when another region really fails in a hold, and health wins', async () => {
    const [eu, us] = [directorOf(fleet, 'eu'), directorOf(fleet, 'us')];
    const { id } = await begin(eu, { steps: [{ share: 1, hold: '10m' }] });
    await eventually('it is drained everywhere', async () =>
      (await sizesAt(directorsOf(fleet))).every((size) => size === 0),
    );
    await fleet.fail('ap');
    await eventually('the drill is aborted', async () => {
      const { abort } = await getJson<DrillReport>(eu, `/v1/drills/${id}`);
      return abort?.code === 'verdict';
    });
    await allReturn(directorsOf(fleet));
    const reports = await Promise.all([eu, us].map(healthOf));
    assert.ok(
      reports.every(({ regions }) => regions.every(({ override }) => override === null)),
      'its word is gone everywhere',
    );
    await clientsReturn();
    await eventually('nobody is sent to the region that failed', () =>
      traffic.networks.every(({ held }) => held?.data !== addressOf('ap')),
    );
    await fleet.heal('ap');
    await allSay(fleet, 'fresh');
  });

  test('ends by itself on every director when all Redis die in its second step', async (t) => {
    const eu = directorOf(fleet, 'eu');
    const { id } = await begin(eu);
    await eventually('the second step has drained all', async () =>
      (await sizesAt(directorsOf(fleet))).every((size) => size === 0),
    );
    const end = await lastEnd(directorsOf(fleet));
    await Promise.all(redises.map((redis) => redis.kill()));
    const killed = Date.now();
    await allReturn(directorsOf(fleet), end);
    const late = Date.now() - end;
    t.diagnostic(
      `killed ${(end - killed) / 1000} s before the end, all back ${late / 1000} s after it`,
    );
    await clientsReturn();
    const report = await getJson<DrillReport>(eu, `/v1/drills/${id}`);
    assert.equal(report.abort?.code, 'blind', JSON.stringify(report.abort));
    assert.equal(report.isMet, false);
    for (const redis of redises) await redis.restart();
    await allSay(fleet, 'fresh');
    await allReturn(directorsOf(fleet));
  });

  test('ends by itself when its director is killed after the first step', async (t) => {
    const [eu, us, ap] = [
      directorOf(fleet, 'eu'),
      directorOf(fleet, 'us'),
      directorOf(fleet, 'ap'),
    ];
    await begin(ap);
    await eventually('half is drained everywhere', async () =>
      (await sizesAt([eu, us])).every((size) => size < sample.size * 0.7 && size > 0),
    );
    await ap.stop('SIGKILL');
    const end = await lastEnd([eu, us]);
    await allReturn([eu, us], end);
    t.diagnostic(`all back ${(Date.now() - end) / 1000} s after the end of its word`);
    await clientsReturn([eu, us]);
    await fleet.restart('ap');
    const [report] = await getJson<DrillReport[]>(directorOf(fleet, 'ap'), '/v1/drills');
    assert.equal(report?.abort?.code, 'restarted');
    const { entries } = await getJson<TimelinePage>(directorOf(fleet, 'ap'), '/v1/timeline');
    assert.ok(
      entries.some(({ event, phase }) => event === 'drill' && phase === 'aborted'),
      'its end stands in the audit log',
    );
    await allReturn([directorOf(fleet, 'ap')]);
  });

  test('begins by itself where a schedule says so: once in the fleet, measured, and reminded of', async (t) => {
    const told: string[] = [];
    await using hook = await startFigures((_, body) => {
      told.push(body);
      return '';
    });
    const [eu, us, ap] = directorsOf(fleet) as [DirectorProcess, DirectorProcess, DirectorProcess];
    // It opens now: a drill within it, such as those above, is the one that it is for.
    const second = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;
    const window = `${second(Date.now())}/${second(Date.now() + 3_600_000)}`;
    const schedules = `
safety: { minCapacity: 50% }
webhooks: [{ name: pager, url: "${hook.url}/hook", secrets: [whsec_${Buffer.alloc(32, 7).toString('base64')}], events: [reminder, schedule] }]
drills:
  remindAfter: 90d
  schedules:
    - { name: heavy, region: us, when: ["${window}"], plan: plan.yaml }
    - { name: weekly, when: ["${window}"], plan: plan.yaml }
`;
    const refused = linesOf(ap, 'safety.refused').length;
    // The one that comes first by its id begins drills, and hears of the change last.
    for (const region of ['eu', 'us', 'ap'] as const) {
      const folder = fleet.folders.get(region);
      assert.ok(folder);
      folder.write(
        'plan.yaml',
        'region: eu\nsteps: [{ share: 1, hold: 8s }]\nobjectives: { firstMoved: 6s }\nreason: weekly drill\n',
      );
      const us1 = readFileSync(join(folder.folder, 'regions/us.yaml'), 'utf8');
      folder.write('regions/us.yaml', `${us1}weight: 500\n`);
      folder.write('meridian.yaml', readFileSync(folder.main, 'utf8') + schedules);
      const director = directorOf(fleet, region);
      director.signal('SIGHUP');
      await eventually('it has read that', () => linesOf(director, 'config.reloaded').length > 0);
    }
    const scheduled = async (director: DirectorProcess): Promise<DrillReport[]> => {
      const all = await getJson<DrillReport[]>(director, '/v1/drills');
      return all.filter(({ actor }) => actor.startsWith('schedule '));
    };
    await eventually('one is done', async () => {
      const [last] = await scheduled(ap);
      return last?.phase === 'done' && last.isMet !== null;
    });
    const lists = await Promise.all([eu, us, ap].map(scheduled));
    assert.deepEqual(
      lists.map((list) => list.length),
      [0, 0, 1],
    );
    const report = lists[2]?.[0];
    assert.ok(report);
    assert.deepEqual([report.actor, report.region], ['schedule weekly', 'eu']);
    assert.equal(report.isMet, true, JSON.stringify(report));
    assert.ok((report.steps[0]?.moved ?? 0) > 300, JSON.stringify(report.steps));
    assert.ok(report.directors.every(({ measure }) => measure !== null));
    assert.deepEqual([...new Set(report.judgements.map(({ rule }) => rule))], ['minCapacity']);
    await eventually('every director knows of it, and reminds of the others', async () => {
      const healths = await Promise.all([eu, us, ap].map(healthOf));
      return healths.every(({ undrilled = [] }) => undrilled.toSorted().join(' ') === 'ap us');
    });
    const metrics = await (await fetch(`${us.http}/metrics`)).text();
    assert.match(metrics, /meridian_drill_age_seconds\{region="eu"\} \d/);
    assert.doesNotMatch(metrics, /meridian_drill_age_seconds\{region="us"\}/);
    // What is printed arrives on another way than what is asked for over HTTP.
    await eventually('it is printed', () => linesOf(us, 'drill.overdue').length > 0);
    assert.equal(linesOf(us, 'drill.overdue').length, 1);
    assert.equal(linesOf(ap, 'safety.refused').length - refused, 1, 'the heavy one is told once');
    // The other one may have waited a moment for all to run the new configuration.
    assert.ok(linesOf(ap, 'drill.waiting').some(({ schedule }) => schedule === 'heavy'));
    await eventually('both notices are told', () => {
      const types = told.map((body) => (JSON.parse(body) as { readonly type: string }).type);
      return ['reminder', 'schedule'].every((type) => types.includes(type));
    });
    t.diagnostic(`${report.steps[0]?.moved} networks were moved by a schedule`);
    await clientsReturn();
  });
});
