import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { callDirector } from '../../src/cli/client.ts';
import type { Io } from '../../src/cli/command.ts';
import { freePort } from '../support/ports.ts';
import { startFakeDirector } from '../support/terminal.ts';

function ioWith(env: Readonly<Record<string, string>>): Io {
  return { out: assert.fail, err: assert.fail, env, signal: new AbortController().signal };
}

describe('callDirector', () => {
  test('finds the director by option, then MERIDIAN_URL, then MERIDIAN_HTTP', async () => {
    await using director = await startFakeDirector({ 'GET /livez': { json: { ok: true } } });
    const host = director.url.slice('http://'.length);
    const ways: [Record<string, string>, Record<string, string>][] = [
      [{ url: director.url }, { MERIDIAN_URL: 'http://127.0.0.1:1' }],
      [{}, { MERIDIAN_URL: director.url, MERIDIAN_HTTP: '127.0.0.1:1' }],
      [{}, { MERIDIAN_HTTP: host }],
    ];
    for (const [options, env] of ways) {
      assert.deepEqual(await callDirector('/livez', options, ioWith(env)), { ok: true });
    }
  });

  test('sends the token and a JSON body', async () => {
    await using director = await startFakeDirector({
      'POST /v1/overrides': { status: 201, json: {} },
    });
    const io = ioWith({ MERIDIAN_TOKEN: 'secret' });
    const request = { method: 'POST', body: { region: 'eu' } };
    await callDirector('/v1/overrides', { url: director.url }, io, request);
    assert.deepEqual(director.requests, [
      { method: 'POST', url: '/v1/overrides', body: '{"region":"eu"}', token: 'Bearer secret' },
    ]);
  });

  test("a problem is told in the director's own words", async () => {
    const json = { code: 'region.unknown', detail: 'there is no region "mars"', field: '/region' };
    await using director = await startFakeDirector({ 'GET /x': { status: 404, json } });
    const call = callDirector('/x', { url: director.url }, ioWith({}));
    await assert.rejects(call, { message: '/region: there is no region "mars" (region.unknown)' });
  });

  test('an answer that is not ours is told by its status', async () => {
    await using director = await startFakeDirector({
      'GET /x': { status: 502, json: 'bad gateway' },
    });
    const call = callDirector('/x', { url: director.url }, ioWith({}));
    await assert.rejects(call, { message: 'the director answered 502 (director.internal)' });
  });

  test('says which director does not answer, and why', async () => {
    const port = await freePort();
    const call = callDirector('/x', { url: `http://127.0.0.1:${port}` }, ioWith({}));
    await assert.rejects(call, /no director answers at http:\/\/127\.0\.0\.1:\d+: .*ECONNREFUSED/);
  });

  test('an address that is none is refused', async () => {
    await assert.rejects(
      callDirector('/x', { url: 'nowhere' }, ioWith({})),
      /"nowhere" is not a URL/,
    );
  });
});
