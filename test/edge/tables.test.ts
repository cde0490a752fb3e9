// Compiled tables on disk: what was saved comes back as views of shared memory, and nothing else does.

import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { openTables } from '../../src/edge/tables.ts';
import type { Fault } from '../../src/model/fault.ts';
import { eventually } from '../support/eventually.ts';
import { makeFolder } from '../support/folder.ts';

type Tables = ReturnType<typeof openTables>;

function open(t: TestContext, folder: string, faults: Fault[] = []): Tables {
  const onFault = (fault: Fault): void => void faults.push(fault);
  const tables = openTables({ folder, stamp: async () => 'a stamp', onFault, delay: 0 });
  t.after(() => tables[Symbol.asyncDispose]());
  return tables;
}

const name = 'compiled.tables';

/** Saves, and waits until the file is there. */
async function keep(t: TestContext, folder: string, values: Record<string, object>) {
  const before = await stat(join(folder, name)).catch(() => undefined);
  const thunks = Object.entries(values).map(([key, value]) => [key, () => value] as const);
  open(t, folder).save(new Map(thunks));
  await eventually('the file is a new one', async () => {
    const after = await stat(join(folder, name)).catch(() => undefined);
    return after !== undefined && after.ino !== before?.ino;
  });
}

const value = {
  source: 'a test',
  nested: { words: Uint32Array.of(1, 2 ** 32 - 1, 3), low: undefined, odd: Uint8Array.of(1, 2, 3) },
  list: [Int32Array.of(-1), Uint16Array.of(65_535), new Uint32Array(0)],
};
const { low: _low, ...nested } = value.nested;
const back = { ...value, nested };

test('values come back under their keys, their arrays as views of one memory that threads share', async (t) => {
  const folder = join(await makeFolder(t), 'made');
  await keep(t, folder, { first: value, second: { table: Uint32Array.of(7) }, third: { a: 1 } });
  const found = await open(t, folder).load(['second', 'first', 'unknown']);
  assert.deepEqual(found.get('first'), back);
  assert.deepEqual(found.get('second'), { table: Uint32Array.of(7) });
  assert.equal(found.size, 2);
  const words = (found.get('first') as typeof value).nested.words;
  const { table } = found.get('second') as { table: Uint32Array };
  assert.ok(words.buffer instanceof SharedArrayBuffer);
  assert.equal(words.buffer, table.buffer);
  assert.deepEqual(await readdir(folder), [name], 'no draft is left behind');
});

test('what is wanted is found alike at the first time, again, and beside what nobody wants', async (t) => {
  const folder = await makeFolder(t);
  await keep(t, folder, { first: value, second: { table: Uint32Array.of(7) } });
  const tables = open(t, folder);
  const [whole, again, part] = [
    await tables.load(['first', 'second']),
    await tables.load(['first', 'second']),
    await tables.load(['second']),
  ];
  assert.deepEqual([...whole.keys()].toSorted(), ['first', 'second']);
  assert.deepEqual(again, whole);
  assert.deepEqual([...part], [['second', { table: Uint32Array.of(7) }]]);
  const alone = (await open(t, folder).load(['second'])).get('second') as { table: Uint32Array };
  assert.equal(alone.table.buffer.byteLength, 8, 'it keeps no memory of the others');
});

test('large tables come back whole', async (t) => {
  const folder = await makeFolder(t);
  const table = Uint32Array.from({ length: 300_000 }, (_, i) => Math.imul(i, 0x9e3779b1));
  await keep(t, folder, { large: { table, small: Uint8Array.of(9) } });
  const found = await open(t, folder).load(['large']);
  assert.deepEqual(found.get('large'), { table, small: Uint8Array.of(9) });
});

test('without a file nothing is found, and that is no fault', async (t) => {
  const faults: Fault[] = [];
  assert.equal((await open(t, await makeFolder(t), faults).load(['any'])).size, 0);
  assert.deepEqual(faults, []);
});

test('what is on disk already is not written again, and anything new replaces the file', async (t) => {
  const folder = await makeFolder(t);
  await keep(t, folder, { one: value });
  const tables = open(t, folder);
  await tables.load(['one']);
  tables.save(new Map([['one', () => assert.fail('it is there already')]]));
  await keep(t, folder, { one: value, two: value });
  assert.equal((await open(t, folder).load(['one', 'two'])).size, 2);
});

test('a folder that cannot be written to is told of, and nothing else happens', async (t) => {
  const folder = join(await makeFolder(t), 'file');
  await writeFile(folder, '');
  const faults: Fault[] = [];
  open(t, folder, faults).save(new Map([['one', () => value]]));
  await eventually('a fault is told', () => faults.length > 0);
  assert.equal(faults[0]?.code, 'disk.write');
});

describe('a file that is not as it was written', () => {
  test('cut or changed anywhere, it gives what was saved or a fault, never anything else', async (t) => {
    const folder = await makeFolder(t);
    await keep(t, folder, { first: value, second: { table: Uint32Array.of(7) } });
    const path = join(folder, name);
    const whole = await readFile(path);
    const harm = fc.record({
      at: fc.nat(whole.length - 1),
      bits: fc.integer({ min: 1, max: 255 }),
      isCut: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(harm, async ({ at, bits, isCut }) => {
        const harmed = Buffer.from(whole);
        harmed[at] = (harmed[at] as number) ^ bits;
        await writeFile(path, isCut ? whole.subarray(0, at) : harmed);
        const faults: Fault[] = [];
        const found = await open(t, folder, faults).load(['first', 'second']);
        if (found.size === 0) {
          // A file of another layout is nobody's fault; it is replaced like any other.
          assert.ok(faults.length === 1 || (at < 20 && !isCut));
          return;
        }
        assert.deepEqual(found.get('first'), back);
        assert.deepEqual(found.get('second'), { table: Uint32Array.of(7) });
      }),
      { numRuns: 300 },
    );
  });

  test('its fault is told in one sentence, and the next save mends it', async (t) => {
    const folder = await makeFolder(t);
    await keep(t, folder, { first: value });
    await truncate(join(folder, name), (await stat(join(folder, name))).size - 8);
    const faults: Fault[] = [];
    assert.equal((await open(t, folder, faults).load(['first'])).size, 0);
    const message = `cannot read ${join(folder, name)}: it is torn; its tables are compiled again`;
    assert.deepEqual(faults, [{ code: 'disk.read', message }]);
    await keep(t, folder, { first: value });
    assert.equal((await open(t, folder).load(['first'])).size, 1);
  });

  test('a folder in its place, or a file of a terabyte, is refused before anything is read', async (t) => {
    const folder = await makeFolder(t);
    await mkdir(join(folder, name));
    const huge = await makeFolder(t);
    await writeFile(join(huge, name), '');
    await truncate(join(huge, name), 2 ** 40);
    for (const place of [folder, huge]) {
      const faults: Fault[] = [];
      assert.equal((await open(t, place, faults).load(['any'])).size, 0);
      assert.equal(faults[0]?.code, 'disk.read');
    }
  });
});
