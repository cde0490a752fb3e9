// Drills on a real fleet: three directors, two real Redis servers, and many client networks that ask.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { DrillReport, DrillRequest } from '../../src/model/drill.ts';
import { askUdp } from '../support/ask.ts';
import type { DirectorProcess } from '../support/director-process.ts';
import { eventually } from '../support/eventually.ts';
import {
  addressOf,
  allSay,
  directorOf,
  type Fleet,
  getJson,
  healthOf,
  startFleet,
} from '../support/fleet-process.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

let redises: TestRedis[];
let fleet: Fleet;

before(async () => {
  redises = await Promise.all([startRedis(), startRedis()]);
  fleet = await startFleet(redises.map(({ url }) => url));
  await allSay(fleet, 'fresh');
});

after(async () => {
  await fleet[Symbol.asyncDispose]();
  for (const redis of redises) await redis[Symbol.asyncDispose]();
});

const networks = Array.from({ length: 400 }, (_, i) => `${77 + (i % 18)}.${(i * 7) % 256}.0.0/24`);

/** Which of the networks a director answers with the region in Dublin. */
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

const plan: DrillRequest = {
  region: 'eu',
  lowerTtl: false,
  steps: [
    { share: 0.5, hold: '8s' },
    { share: 1, hold: '8s' },
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

async function allReturn(directors: readonly DirectorProcess[], count: number): Promise<void> {
  await eventually('every director answers as before', async () => {
    const all = await Promise.all(directors.map(clientsOf));
    return all.every(({ size }) => size === count);
  });
}

describe('a drill on a fleet of three', { concurrency: false }, () => {
  test('goes from its plan to a report of who moved, and returns', async (t) => {
    const [eu, us, ap] = [
      directorOf(fleet, 'eu'),
      directorOf(fleet, 'us'),
      directorOf(fleet, 'ap'),
    ];
    const own = (await clientsOf(us)).size;
    assert.ok(own > 100, `${own} networks are Dublin's`);
    const { id } = await begin(eu, { lowerTtl: true, objectives: { firstMoved: '6s' } });
    let report: DrillReport;
    let least = own;
    do {
      await clientsOf(eu);
      report = await getJson<DrillReport>(eu, `/v1/drills/${id}`);
      if (report.step > 0) {
        least = Math.min(least, (await clientsOf(ap)).size);
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    } while (report.isMet === null);
    assert.equal(report.phase, 'done', JSON.stringify(report.abort));
    assert.equal(report.isMet, true, JSON.stringify(report));
    assert.equal(least, 0, 'the last step drained the region at another director too');
    const [first, last] = report.steps;
    assert.ok((first?.networks ?? 0) > 0 && first?.asked === first?.networks);
    assert.equal(first?.observed, first?.predicted);
    assert.equal(last?.observed, 1);
    await allReturn([eu, us, ap], own);
    const line = report.steps.map(({ share, networks: all, moved, firstMovedSeconds }) =>
      [
        `${share * 100} %:`,
        `${moved} of ${all} moved, the first after ${firstMovedSeconds} s`,
      ].join(' '),
    );
    t.diagnostic(line.join('; '));
  });

  test('ends at once when another region really fails, and health wins', async () => {
    const eu = directorOf(fleet, 'eu');
    const { id } = await begin(eu, { steps: [{ share: 1, hold: '60s' }] });
    await fleet.fail('ap');
    await eventually('the drill is aborted', async () => {
      const { abort } = await getJson<DrillReport>(eu, `/v1/drills/${id}`);
      return abort?.code === 'verdict';
    });
    await eventually('its word is gone everywhere', async () => {
      const all = await Promise.all([eu, directorOf(fleet, 'us')].map(healthOf));
      return all.every(({ regions }) => regions.every(({ override }) => override === null));
    });
    await fleet.heal('ap');
    await allSay(fleet, 'fresh');
  });

  test('ends by itself when its director is killed after the first step', async (t) => {
    const [eu, us, ap] = [
      directorOf(fleet, 'eu'),
      directorOf(fleet, 'us'),
      directorOf(fleet, 'ap'),
    ];
    const own = (await clientsOf(us)).size;
    await begin(ap);
    await eventually('half is drained everywhere', async () => {
      const all = await Promise.all([eu, us].map(clientsOf));
      return all.every(({ size }) => size < own * 0.7 && size > 0);
    });
    const killed = performance.now();
    await ap.stop('SIGKILL');
    await allReturn([eu, us], own);
    const seconds = (performance.now() - killed) / 1000;
    t.diagnostic(`all answers returned ${seconds.toFixed(1)} s after the kill`);
    await fleet.restart('ap');
    const [report] = await getJson<DrillReport[]>(directorOf(fleet, 'ap'), '/v1/drills');
    assert.equal(report?.abort?.code, 'restarted');
    await allReturn([directorOf(fleet, 'ap')], own);
  });
});
