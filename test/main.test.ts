import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

function meridian(...args: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['src/meridian.js', ...args], {
    encoding: 'utf8',
  });
  return { code: status, out: stdout, err: stderr };
}

test('the process ends with the exit code of its command', () => {
  assert.equal(meridian('--help').code, 0);
  assert.equal(meridian('check', '--config', 'no-such-file.yaml').code, 1);
  assert.equal(meridian('no-such-command').code, 2);
});

test('what a command prints goes to standard output, complaints to standard error', () => {
  assert.match(meridian('--help').out, /^Usage: meridian/);
  assert.deepEqual(meridian('drain').out, '');
  assert.match(meridian('drain').err, /^Usage: meridian drain/);
});

test('a reader who has had enough ends nothing in a crash', () => {
  const script = `"${process.execPath}" src/meridian.js --help | true; exit \${PIPESTATUS[0]}`;
  const { status, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
  assert.equal(stderr, '');
  assert.equal(status, 0);
});
