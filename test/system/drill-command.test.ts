// `meridian drill run --plan FILE --wait` as a pipeline has it: a real fleet, and an exit code at the end.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { drill } from '../../src/cli/drill.ts';
import type { DrillReport } from '../../src/model/drill.ts';
import { type ConfigFolder, createConfigFolder } from '../support/director-process.ts';
import { startTraffic, type Traffic } from '../support/drill-traffic.ts';
import { eventually } from '../support/eventually.ts';
import {
  addressOf,
  allAnswer,
  allSay,
  directorOf,
  directorsOf,
  type Fleet,
  getJson,
  startFleet,
} from '../support/fleet-process.ts';
import { startRedis } from '../support/redis.ts';
import { type Run, runIn } from '../support/terminal.ts';

const owned = new AsyncDisposableStack();
let fleet: Fleet;
let traffic: Traffic;
let plans: ConfigFolder;

before(async () => {
  const redis = owned.use(await startRedis());
  fleet = owned.use(
    await startFleet([redis.url], {
      ttl: '{ stable: 2s, short: 1s }',
      more: 'dns: { rateLimit: { perSecond: 0 } }\n',
    }),
  );
  plans = owned.use(createConfigFolder('', {}));
  await allSay(fleet, 'fresh');
  traffic = owned.use(
    startTraffic({ ports: directorsOf(fleet).map(({ dnsPort }) => dnsPort), networks: 300 }),
  );
  await traffic.filled;
});

after(() => owned.disposeAsync());

/** Runs a plan of two steps and waits for its end, as the director in the region to be drilled tells it. */
function runPlan(hold: string, objectives: string): Promise<Run> {
  const plan = `
region: eu
steps: [{ share: 0.5, hold: ${hold} }, { share: 1, hold: ${hold} }]
objectives: ${objectives}
reason: each night
`;
  plans.write('plan.yaml', plan);
  const file = join(plans.folder, 'plan.yaml');
  const url = directorOf(fleet, 'eu').http;
  return runIn(drill, ['run', '--plan', file, '--wait', '--actor', 'nightly', '--url', url]);
}

describe('a drill in a pipeline', { concurrency: false }, () => {
  test('exits 0 when every objective was met, and all is as it was', async (t) => {
    const { code, out, err } = await runPlan(
      '10s',
      '{ firstMoved: 8s, drained: 9s, noAbort: true }',
    );
    assert.equal(code, 0, `${out}\n${err}`);
    assert.equal(err, '');
    for (const words of [
      /^drill \S+ at eu-1$/m,
      /^drill of eu, step 1 of 2: 50\.0 % until .* networks asked again, \d+ moved$/m,
      /^drill of eu, step 2 of 2: 100\.0 % until /m,
      /^drill of eu is done since /m,
      /^\*\*Done; every objective was met\.\*\*$/m,
    ]) {
      assert.match(out, words);
    }
    await allAnswer(fleet, 'eu', 'its end', t);
  });

  test('exits 1 when a region really fails in a hold, and says so, however good it was until then', async (t) => {
    const running = runPlan('5m', '{ firstMoved: 30s, noAbort: true }');
    await eventually('clients are moved', async () => {
      const [last] = await getJson<DrillReport[]>(directorOf(fleet, 'eu'), '/v1/drills');
      return last?.phase === 'step' && (last.steps[0]?.moved ?? 0) > 0;
    });
    await fleet.fail('ap');
    const { code, out, err } = await running;
    assert.equal(code, 1, out);
    assert.match(
      err,
      /^objective missed: no abort: it was aborted: ap went .* to down \(verdict\)$/m,
    );
    assert.match(out, /^\*\*Aborted: ap went .* to down \(verdict\)\.\*\*/m);
    await allAnswer(fleet, 'eu', 'the abort', t);
    await fleet.heal('ap');
    await allSay(fleet, 'fresh');
  });

  test('exits 1 when nobody asked again, since what was not seen is not met', async () => {
    traffic.pause();
    const { code, out, err } = await runPlan('5s', '{ drained: 4s }');
    assert.equal(code, 1, out);
    assert.match(out, /^drill of eu is done since /m);
    assert.match(
      err,
      /^objective missed: 90 % of the networks asked again in step 1 was not seen/m,
    );
    traffic.resume();
    await eventually('clients are back', () => traffic.holding(addressOf('eu')) > 200);
  });

  test('exits 1 and moves nobody when it is refused, with the words of what is against it', async () => {
    const plan = 'region: mars\nsteps: [{ share: 1, hold: 5s }]\nreason: far away\n';
    plans.write('mars.yaml', plan);
    const words = [
      'run',
      '--plan',
      join(plans.folder, 'mars.yaml'),
      '--wait',
      '--actor',
      'nightly',
    ];
    const run = await runIn(drill, [...words, '--url', directorOf(fleet, 'us').http]);
    assert.equal(run.code, 1);
    assert.match(run.err, /mars.*\(region\.unknown, request /);
    assert.deepEqual(await getJson<DrillReport[]>(directorOf(fleet, 'us'), '/v1/drills'), []);
  });
});
