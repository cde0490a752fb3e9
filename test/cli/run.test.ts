import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { run } from '../../src/cli/run.ts';

async function say(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await run(args, {
    out: (line) => void (out += `${line}\n`),
    err: (line) => void (err += `${line}\n`),
    env: {},
    signal: new AbortController().signal,
  });
  return { code, out, err };
}

describe('the command line', () => {
  test('--help lists every command', async () => {
    const { code, out } = await say('--help');
    assert.equal(code, 0);
    for (const name of [
      'serve',
      'demo',
      'check',
      'explain',
      'query',
      'status',
      'drain',
      'undrain',
    ]) {
      assert.match(out, new RegExp(`^${name} +\\w`, 'm'));
    }
  });

  test('no command is wrong usage, and the list helps', async () => {
    const { code, err } = await say();
    assert.equal(code, 2);
    assert.match(err, /^explain /m);
  });

  test('an unknown command is named', async () => {
    const { code, err } = await say('evacuate');
    assert.equal(code, 2);
    assert.match(err, /There is no command "evacuate"/);
  });

  test('a command gets its words', async () => {
    const { code, out } = await say('check', '--help');
    assert.equal(code, 0);
    assert.match(out, /Usage: meridian check/);
  });
});
