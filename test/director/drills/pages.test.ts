// Numbers of a drill from real servers on loopback: what is read, and where nobody is led.

import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { test } from 'node:test';
import { createNumbers } from '../../../src/director/drills/numbers.ts';
import type { NumberState } from '../../../src/drill/number.ts';
import { readNumbers } from '../../../src/drill/number-limit.ts';
import { createProbe } from '../../../src/edge/probe.ts';
import type { NumberWish } from '../../../src/model/drill.ts';
import { parsePrefix } from '../../../src/model/ip.ts';
import { web } from '../../support/probed.ts';
import { realClock } from '../../support/real-clock.ts';

/** As read once; the networks are where probes may go. */
async function read(wish: NumberWish, networks?: readonly string[]): Promise<NumberState> {
  const limits = readNumbers([wish], '');
  assert.ok(!('code' in limits), JSON.stringify(limits));
  const allowed = networks?.flatMap((text) => parsePrefix(text) ?? []);
  const probe = createProbe(() => allowed);
  const numbers = createNumbers(limits, { probe, clock: realClock, random: () => 0.5 });
  await numbers.read(new AbortController().signal);
  const [state] = numbers.states();
  return state ?? assert.fail();
}

async function told(
  listener: RequestListener,
  wish: Partial<NumberWish>,
  networks?: readonly string[],
): Promise<NumberState> {
  await using server = await web(listener);
  return await read({ http: `http://127.0.0.1:${server.port}/x`, above: 5, ...wish }, networks);
}

const page = `# TYPE errors gauge
errors{code="500",host="a"} 2
errors{code="500",host="b"} 1.5
errors{code="404",host="a"} 90
`;

test('a metric by its labels, a value of a JSON body, and a header', async () => {
  const metric = await told((_, answer) => answer.end(page), { metric: 'errors{code="500"}' });
  assert.equal(metric.last, 3.5);
  const json = await told((_, answer) => answer.end('{"pool":[{"free":12}]}'), {
    json: 'pool.0.free',
  });
  assert.equal(json.last, 12);
  const header = await told((_, answer) => answer.setHeader('x-queue', '7').end(), {
    answerHeader: 'X-Queue',
  });
  assert.equal(header.last, 7);
});

test('it is asked with the headers of the plan', async () => {
  const state = await told(
    ({ headers }, answer) => answer.end(headers.authorization === 'Bearer abc' ? '{"n":1}' : '{}'),
    { json: 'n', headers: { authorization: 'Bearer abc' } },
  );
  assert.equal(state.last, 1);
});

test('a redirect is followed nowhere', async () => {
  let led = 0;
  await using other = await web((_, answer) => {
    led++;
    answer.end('{"n":1}');
  });
  const location = `http://127.0.0.1:${other.port}/`;
  const state = await told((_, answer) => answer.writeHead(302, { location }).end(), { json: 'n' });
  assert.deepEqual([state.readings, state.failures], [0, 1]);
  assert.equal(state.reason, 'status 302, want 200');
  assert.equal(led, 0);
});

test('no address is asked that probes may not ask', async () => {
  let asked = 0;
  const state = await told(
    (_, answer) => {
      asked++;
      answer.end('{"n":1}');
    },
    { json: 'n' },
    ['192.0.2.0/24'],
  );
  assert.match(state.reason, /lies outside health\.probeNetworks/);
  assert.equal(asked, 0);
});

test('what is too long, or not there, is not read', async () => {
  const long = await told((_, answer) => answer.end(`${'#'.repeat(70_000)}\n{"n":1}`), {
    json: 'n',
  });
  assert.equal(long.reason, 'the answer does not tell it');
  const absent = await told((_, answer) => answer.end(page), { metric: 'errors_total' });
  assert.equal(absent.reason, 'the answer does not tell it');
  const strange = await told((_, answer) => answer.end('{"n":"many"}'), { json: 'n' });
  assert.equal(strange.failures, 1);
});

test('a page that never ends its answer is given up', async () => {
  const state = await told(
    (_, answer) => {
      answer.write('{"n":');
    },
    { json: 'n', every: '1s' },
  );
  assert.equal(state.failures, 1);
});
