import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { drain, undrain } from '../../src/cli/drain.ts';
import { runIn, startFakeDirector } from '../support/terminal.ts';

const word = {
  id: 'a1',
  region: 'eu',
  kind: 'drain',
  actor: 'alice',
  reason: 'disk swap',
  start: '2026-01-01T00:00:00.000Z',
  end: '2026-01-01T01:00:00.000Z',
  isActive: true,
};
const made = { ...word, posted: 0, signed: 'mac {}' };
const nobody = 'http://127.0.0.1:9';

describe('meridian drain --direct', () => {
  test('has the first director make the word and hands it to the others', async () => {
    await using one = await startFakeDirector({
      'POST /v1/overrides': { status: 201, json: made },
    });
    await using two = await startFakeDirector({ 'PUT /v1/overrides/a1': { json: word } });
    const urls = [one, two].flatMap(({ url }) => ['--url', url]);
    const run = await runIn(drain, ['eu', '--reason', 'x', '--direct', ...urls]);
    assert.equal(run.code, 0, run.err);
    assert.deepEqual(run.out.split('\n').slice(1), [`${one.url}: taken`, `${two.url}: taken`]);
    assert.deepEqual(
      two.requests.map(({ method, body }) => [method, body]),
      [['PUT', '{"signed":"mac {}"}']],
    );
  });

  test('tells who did not take it, and is no success then', async () => {
    await using two = await startFakeDirector({
      'POST /v1/overrides': { status: 201, json: made },
    });
    const urls = ['--url', nobody, '--url', two.url];
    const run = await runIn(drain, ['eu', '--reason', 'x', '--direct', ...urls]);
    assert.equal(run.code, 1);
    assert.match(run.out, new RegExp(`${two.url}: taken`));
    assert.match(run.err, /^http:\/\/127\.0\.0\.1:9: not taken: .*no director answers/);
  });

  test('goes no further with a word that is refused', async () => {
    const json = { code: 'region.unknown', detail: 'there is no region "eu"', field: 'region' };
    await using one = await startFakeDirector({ 'POST /v1/overrides': { status: 404, json } });
    await using two = await startFakeDirector({});
    const urls = [one, two].flatMap(({ url }) => ['--url', url]);
    const run = await runIn(drain, ['eu', '--reason', 'x', '--direct', ...urls]);
    assert.deepEqual([run.code, run.out, two.requests.length], [1, '', 0]);
    assert.match(run.err, /there is no region "eu"/);
  });
});

test('meridian undrain --direct ends the word at the first that knows of it', async () => {
  const ended = { ...made, isActive: false };
  await using one = await startFakeDirector({
    'GET /v1/overrides': { json: [] },
    'PUT /v1/overrides/a1': { json: ended },
  });
  await using two = await startFakeDirector({
    'GET /v1/overrides': { json: [word] },
    'DELETE /v1/overrides/a1': { json: ended },
  });
  const urls = [one, two].flatMap(({ url }) => ['--url', url]);
  const run = await runIn(undrain, ['eu', '--direct', ...urls]);
  assert.deepEqual([run.code, run.err], [0, '']);
  assert.match(run.out, /^eu: drain ended/);
});
