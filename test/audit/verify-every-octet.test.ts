// A log of hundreds of entries, of which each octet, line and end in turn is not as it was written.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { beginning } from '../../src/audit/entry.ts';
import { createSeal } from '../../src/edge/seal.ts';
import { briefly, drafts, fileName, seal, textOf, verifyFiles, writeLog } from './log.ts';

const one = fileName(1);
const count = 200;
const isSigned = seal.verify;
const whole = writeLog(drafts(count), beginning, { isSigned: true });
const lines = whole.lines.map((line) => Buffer.from(`${line}\n`));
const head = { ...whole.head, from: 'a note' };

const verify = (octets: readonly Buffer[]) =>
  verifyFiles({ [one]: Buffer.concat(octets) }, { isSigned, heads: [head] });

const linesAtFault = async (octets: readonly Buffer[]): Promise<number[]> => {
  const { flaws, more } = await verify(octets);
  assert.equal(more, 0);
  return [...new Set(flaws.map(({ line }) => line))].toSorted((x, y) => x - y);
};

/** Some bit of it is another, but no line feed comes of that. */
function bent(octet: number, nth: number): number {
  const other = octet ^ (1 << (nth % 8));
  return other === 10 ? octet ^ (1 << ((nth + 1) % 8)) : other;
}

describe('of a log of hundreds of entries', () => {
  test('each octet that is another is found in its line, and no other line is blamed', async () => {
    let tried = 0;
    const longest = Math.max(...lines.map(({ length }) => length));
    // Every third line at a time: what is behind a line that was changed must be found to be whole.
    for (let turn = 0; turn < 3; turn++) {
      for (let at = 0; at < longest; at++) {
        const wrong: number[] = [];
        const octets = lines.map((line, i) => {
          if (i % 3 !== turn || at >= line.length - 1) return line;
          wrong.push(i + 1);
          const copy = Buffer.from(line);
          copy[at] = bent(copy[at] ?? 0, at + i);
          return copy;
        });
        tried += wrong.length;
        assert.deepEqual(await linesAtFault(octets), wrong, `octet ${at}, from line ${turn + 1}`);
      }
    }
    assert.equal(tried, Buffer.concat(lines).length - count);
  });

  test('each line feed that is another, or gone, is found where two lines were', async () => {
    for (let i = 0; i < count; i++) {
      for (const end of [[11], []]) {
        const line = Buffer.concat([lines[i]?.subarray(0, -1) ?? Buffer.of(), Buffer.from(end)]);
        const [first] = await linesAtFault(lines.with(i, line));
        assert.equal(first, i + 1);
      }
    }
  });

  test('each line that is gone is named by its number', async () => {
    for (let i = 0; i < count - 1; i++) {
      const verdict = await verify(lines.toSpliced(i, 1));
      assert.deepEqual(briefly(verdict), [`removed 1:${i + 1} ${i + 1}`]);
    }
  });

  test('each two lines that have changed places are named, and no other', async () => {
    for (let i = 0; i < count - 1; i++) {
      const far = Math.min(count - 1, i + 2 + (i % 20));
      for (const k of new Set([i + 1, far])) {
        const [x, y] = [lines[i], lines[k]];
        assert.ok(x !== undefined && y !== undefined);
        assert.deepEqual(await linesAtFault(lines.with(i, y).with(k, x)), [i + 1, k + 1]);
      }
    }
  });

  test('each end that is cut off is found by whoever noted how it ended', async () => {
    for (let i = 1; i < count; i++) {
      const verdict = await verify(lines.slice(0, i));
      const [cut, ...others] = briefly(verdict);
      assert.equal(cut, `truncated 1:${i + 1} ${i + 1}`);
      assert.deepEqual(others, []);
    }
  });

  test('each end that was written anew with another secret is found where it begins', async () => {
    const other = createSeal(['the secret of somebody else']);
    for (let i = 0; i < count; i++) {
      const kept = writeLog(drafts(count).slice(0, i), beginning, { isSigned: true });
      const forged = writeLog(drafts(count).slice(i), kept.head, { sign: other.sign });
      const octets = textOf([...kept.lines, ...forged.lines]);
      const { flaws, more } = await verifyFiles({ [one]: octets }, { isSigned });
      assert.equal(flaws.length + more, count - i);
      assert.deepEqual([flaws[0]?.kind, flaws[0]?.line, flaws[0]?.seq], ['forged', i + 1, i + 1]);
    }
  });
});
