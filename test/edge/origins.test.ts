// Demo origins: who gets one, how it fails and heals, and what happens when a port is taken.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, test } from 'node:test';
import { type Origins, startOrigins } from '../../src/edge/origins.ts';
import { FaultError } from '../../src/model/fault.ts';
import type { ProbeSpec, Region, RegionId } from '../../src/model/region.ts';
import { millis } from '../../src/model/time.ts';
import { httpProbe, run } from '../support/probed.ts';

function region(id: string, probe: ProbeSpec | undefined, title = id): Region {
  return {
    id: id as RegionId,
    title,
    coordinates: { latitude: 0, longitude: 0 },
    country: 'BR',
    ipv4: [],
    ipv6: [],
    cname: undefined,
    weight: 100,
    bias: 0,
    url: undefined,
    probes: probe && {
      interval: millis(30_000),
      downAfter: 3,
      upAfter: 5,
      holdDown: millis(0),
      flapHalfLife: millis(0),
      need: 1,
      list: [probe],
    },
    nameServerAddresses: [],
  };
}

function start(url: string, title?: string): Promise<Origins> {
  return startOrigins([region('sa', httpProbe(url), title)]);
}

/** Status and body of one request to the first origin. */
async function ask(origins: Origins, path: string, method = 'GET'): Promise<[number, string]> {
  const response = await fetch(new URL(path, origins.list[0]?.url), { method });
  return [response.status, await response.text()];
}

describe('an origin', () => {
  test('answers the probe, fails when told to, and heals', async () => {
    await using origins = await start('http://127.0.0.1:0/healthz?deep=1');
    assert.deepEqual(await ask(origins, '/healthz'), [200, 'ok\n']);
    assert.deepEqual(await ask(origins, '/healthz?deep=1'), [200, 'ok\n']);
    assert.deepEqual(await ask(origins, '/fail', 'POST'), [204, '']);
    assert.deepEqual(await ask(origins, '/healthz'), [503, 'failed\n']);
    assert.deepEqual(await ask(origins, '/fail', 'POST'), [204, '']);
    assert.deepEqual(await ask(origins, '/heal', 'POST'), [204, '']);
    assert.deepEqual(await ask(origins, '/healthz'), [200, 'ok\n']);
  });

  test('is what a real probe makes of it', async () => {
    await using origins = await start('http://127.0.0.1:0/healthz');
    const { href } = new URL('/healthz', origins.list[0]?.url);
    assert.equal((await run(href)).reason, '');
    assert.equal((await run(href, { method: 'HEAD' })).reason, '');
    await ask(origins, '/fail', 'POST');
    assert.equal((await run(href)).reason, 'status 503, want 200');
  });

  test('greets with the title of its region', async () => {
    await using origins = await start('http://127.0.0.1:0/healthz', 'São Paulo');
    assert.deepEqual(await ask(origins, '/'), [200, 'hello from São Paulo\n']);
  });

  test('is not failed by a GET, and has nothing else', async () => {
    await using origins = await start('http://127.0.0.1:0/healthz');
    assert.equal((await ask(origins, '/fail'))[0], 404);
    assert.equal((await ask(origins, '/healthz', 'POST'))[0], 404);
    assert.equal((await ask(origins, '/admin'))[0], 404);
    assert.deepEqual(await ask(origins, '/healthz'), [200, 'ok\n']);
  });

  test('fails alone', async () => {
    const regions = ['eu', 'us'].map((id) => region(id, httpProbe('http://127.0.0.1:0/healthz')));
    await using origins = await startOrigins(regions);
    assert.deepEqual(
      origins.list.map((origin) => origin.region),
      ['eu', 'us'],
    );
    await ask(origins, '/fail', 'POST');
    const other = await fetch(new URL('/healthz', origins.list[1]?.url));
    assert.deepEqual([other.status, await other.text()], [200, 'ok\n']);
  });
});

describe('regions', () => {
  const cases: [string, ProbeSpec | undefined, boolean][] = [
    ['127.0.0.1', httpProbe('http://127.0.0.1:0/'), true],
    ['the whole of 127.0.0.0/8', httpProbe('http://127.9.8.7:0/'), true],
    ['localhost', httpProbe('http://localhost:0/'), true],
    ['another machine', httpProbe('http://192.0.2.1:0/'), false],
    ['every address', httpProbe('http://0.0.0.0:0/'), false],
    ['a name', httpProbe('http://127.0.0.1.example.test:0/'), false],
    ['HTTPS', httpProbe('https://127.0.0.1:0/'), false],
    ['TCP', { ...httpProbe('http://127.0.0.1/'), kind: 'tcp', host: '127.0.0.1', port: 0 }, false],
    ['no probe', undefined, false],
    ['another IPv6 address', httpProbe('http://[2001:db8::1]:0/'), false],
  ];
  for (const [title, probe, hasOrigin] of cases) {
    test(`with a probe of ${title} ${hasOrigin ? 'get an origin' : 'get none'}`, async () => {
      await using origins = await startOrigins([region('eu', probe)]);
      assert.equal(origins.list.length, hasOrigin ? 1 : 0);
    });
  }

  test('on ::1 get an origin, or a fault that says so where the machine has no IPv6', async () => {
    try {
      await using origins = await start('http://[::1]:0/healthz');
      assert.match(origins.list[0]?.url.href ?? '', /^http:\/\/\[::1\]:\d+\/$/);
    } catch (error) {
      assert.ok(error instanceof FaultError);
      assert.match(error.fault.message, /\[::1\]/);
    }
  });
});

describe('a port that is taken', () => {
  // An address of loopback that nothing else uses, so that a port let go there stays free.
  const quiet = 'http://127.77.53.1:0/';

  test('is a fault that names the region, the port and the way out; none is left running', async () => {
    await using holder = await start('http://127.0.0.1:0/');
    const taken = holder.list[0]?.url.href ?? '';
    await using free = await start(quiet);
    const reusable = free.list[0]?.url.href ?? '';
    await free[Symbol.asyncDispose]();
    const regions = [region('eu', httpProbe(reusable)), region('us', httpProbe(taken))];
    await assert.rejects(startOrigins(regions), (error) => {
      assert.ok(error instanceof FaultError);
      assert.equal(error.fault.code, 'listen.failed');
      assert.match(error.message, /region us/);
      assert.ok(error.message.includes(`port ${new URL(taken).port} of 127.0.0.1`));
      assert.match(error.message, /give the region's probe another/);
      return true;
    });
    await using again = await start(reusable);
    assert.equal(again.list.length, 1);
  });

  test('is a fault when two regions ask for the same one', async () => {
    await using free = await start(quiet);
    const probe = httpProbe(free.list[0]?.url.href ?? '');
    await free[Symbol.asyncDispose]();
    await assert.rejects(startOrigins([region('eu', probe), region('us', probe)]), /region us/);
  });
});

test('origins that have ended answer no more, and open connections do not hold up the end', async () => {
  const origins = await start('http://127.0.0.1:0/healthz');
  const socket = connect(Number(origins.list[0]?.url.port), '127.0.0.1');
  socket.on('error', () => {});
  socket.write('GET /half-a-request');
  await once(socket, 'connect');
  await ask(origins, '/healthz');
  await origins[Symbol.asyncDispose]();
  await assert.rejects(ask(origins, '/healthz'));
  await origins[Symbol.asyncDispose]();
});
