// Lines of files: every one, whatever its length and wherever chunks end, in bounded memory.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { linesOf, longestLine } from '../../src/edge/lines.ts';
import { FaultError } from '../../src/model/fault.ts';

const folder = mkdtempSync(join(tmpdir(), 'lines-'));
after(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function read(path: string): Promise<string[]> {
  return Array.fromAsync(linesOf(path));
}

describe('the lines of a file', () => {
  test('come one by one, without their ends', async () => {
    assert.deepEqual(await read(write('few', 'a\n\nb\r\nc')), ['a', '', 'b', 'c']);
    assert.deepEqual(await read(write('none', '')), []);
    assert.deepEqual(await read(write('blank', '\n\r\n')), ['', '']);
  });

  test('are whole though chunks end in the middle', async () => {
    const lines = Array.from({ length: 30_000 }, (_, i) => `line ${i} ${'x'.repeat(i % 50)}`);
    assert.deepEqual(await read(write('many', `${lines.join('\n')}\n`)), lines);
  });

  test('are unpacked where they are packed', async () => {
    assert.deepEqual(await read(write('log.gz', gzipSync('a\nb\n'))), ['a', 'b']);
  });

  test('that are far too long come as their beginning, and the next one is whole', async () => {
    const [long = '', next, ...rest] = await read(
      write('long', `${'x'.repeat(5_000_000)}\nnext\n`),
    );
    assert.ok(long.length > longestLine && long.length <= 3 * longestLine, String(long.length));
    assert.deepEqual([next, rest], ['next', []]);
  });
});

describe('a file that cannot be read', () => {
  const isRead = (error: unknown): boolean =>
    error instanceof FaultError && error.fault.code === 'config.read';

  test('is a fault', async () => {
    await assert.rejects(read(join(folder, 'nowhere')), isRead);
    await assert.rejects(read(join(folder, 'nowhere.gz')), isRead);
    await assert.rejects(read(folder), isRead);
  });

  test('is one also where it is packed and damaged', async () => {
    const whole = gzipSync('a\n'.repeat(1000));
    await assert.rejects(read(write('cut.gz', whole.subarray(0, whole.length - 10))), isRead);
  });
});
