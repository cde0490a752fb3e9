// Every kind of tampering with a log: the verdict names what was done, and exactly the lines to which it was done.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { beginning } from '../../src/audit/entry.ts';
import { createVerifier, type Verdict } from '../../src/audit/verify.ts';
import { aDraft, digest, drafts, fileName, writeLog } from './log.ts';

/** A line, and in which file it stands. */
interface Row {
  readonly file: string;
  readonly text: string;
}

/** What is done to rows `at` and `to` (from 0) and on, and what has to be found. */
interface Tampered {
  readonly rows: readonly Row[];
  /** `kind row+lines seq`, rows counted from 0 in what came of it. */
  readonly found: readonly string[];
}

const each = 30;
const all: readonly Row[] = writeFiles(3);
const count = all.length;

function writeFiles(files: number): Row[] {
  let head = beginning;
  let after: string | null = null;
  return Array.from({ length: files }).flatMap(() => {
    const file = fileName(head.seq + 1);
    const log = writeLog([aDraft('file', { after }), ...drafts(each).slice(1)], head);
    ({ head } = log);
    after = file;
    return log.lines.map((text) => ({ file, text }));
  });
}

function verify(rows: readonly Row[]): Verdict {
  const verifier = createVerifier({ digest });
  let file = '';
  for (const row of rows) {
    if (row.file !== file) verifier.file(row.file);
    ({ file } = row);
    const { text } = row;
    verifier.line({ text, octets: text.length, digest: digest(text), isEnded: true });
  }
  return verifier.end();
}

/** Rows from 0, wherever their files begin. */
function found(rows: readonly Row[]): string[] {
  return verify(rows).flaws.map(({ kind, file, line, lines, seq }) => {
    const start = rows.findIndex((row) => row.file === file);
    return `${kind} ${start + line - 1}+${lines} ${seq}`;
  });
}

const textAt = (rows: readonly Row[], at: number): string => rows[at]?.text ?? '';

/** The same places with other texts. */
function withTexts(rows: readonly Row[], texts: ReadonlyMap<number, string>): Row[] {
  return rows.map((row, at) => ({ ...row, text: texts.get(at) ?? row.text }));
}

/** Puts texts behind a row, into its file. */
function putBehind(rows: readonly Row[], at: number, texts: readonly string[]): Row[] {
  const { file = '' } = rows[at] ?? {};
  return rows.toSpliced(at + 1, 0, ...texts.map((text) => ({ file, text })));
}

function swap(rows: readonly Row[], x: number, y: number): Tampered {
  const texts = new Map([
    [x, textAt(rows, y)],
    [y, textAt(rows, x)],
  ]);
  const words = [`reordered ${x}+1 ${y + 1}`, `reordered ${y}+1 ${x + 1}`];
  return { rows: withTexts(rows, texts), found: words };
}

function reverse(rows: readonly Row[], x: number, y: number): Tampered {
  const places = Array.from({ length: y - x + 1 }, (_, i) => x + i);
  const texts = new Map(places.map((at, i) => [at, textAt(rows, y - i)]));
  const words = places.flatMap((at, i) => (at === y - i ? [] : [`reordered ${at}+1 ${y - i + 1}`]));
  return { rows: withTexts(rows, texts), found: words };
}

/** Takes rows out of the middle of a file: what is behind them tells. */
function remove(rows: readonly Row[], x: number, y: number): Tampered {
  return { rows: rows.toSpliced(x, y - x + 1), found: [`removed ${x}+1 ${x + 1}`] };
}

function copy(rows: readonly Row[], x: number, y: number, to: number): Tampered {
  const texts = rows.slice(x, y + 1).map(({ text }) => text);
  // Before its own, and behind them, are the same: the second copy is named.
  const start = to === x - 1 ? y + 1 : to + 1;
  return {
    rows: putBehind(rows, to, texts),
    found: [`inserted ${start}+${texts.length} ${x + 1}`],
  };
}

/** Rows go behind a later one, over more than there are of them. */
function move(rows: readonly Row[], x: number, y: number, to: number): Tampered {
  const texts = rows.slice(x, y + 1).map(({ text }) => text);
  const next = putBehind(rows, to, texts).toSpliced(x, texts.length);
  const start = to + 1 - texts.length;
  return { rows: next, found: [`reordered ${start}+${texts.length} ${x + 1}`] };
}

function change(rows: readonly Row[], x: number): Tampered {
  const text = textAt(rows, x).replace('"event":"', '"event":"x');
  return { rows: withTexts(rows, new Map([[x, text]])), found: [`changed ${x}+1 ${x + 1}`] };
}

function garble(rows: readonly Row[], x: number): Tampered {
  return { rows: withTexts(rows, new Map([[x, 'x']])), found: [`changed ${x}+1 ${x + 1}`] };
}

/** An entry that follows the row before it, with a hash of its own. */
function forge(rows: readonly Row[], x: number): Tampered {
  const { hash } = JSON.parse(textAt(rows, x)) as { hash: string };
  const { lines } = writeLog([aDraft('override')], { seq: x + 1, hash });
  return { rows: putBehind(rows, x, lines), found: [`inserted ${x + 1}+1 ${x + 2}`] };
}

function litter(rows: readonly Row[], x: number, texts: readonly string[]): Tampered {
  const words = texts.map((_, i) => `inserted ${x + 1 + i}+1 ${x + 2 + i}`);
  return { rows: putBehind(rows, x, texts), found: words };
}

const place = fc.nat(count - 1);
const pair = fc.tuple(place, place).filter(([x, y]) => x < y);

function finds(tampered: Tampered): void {
  assert.deepEqual(found(tampered.rows), tampered.found);
}

describe('what was done to a log is named, and where', () => {
  test('nothing', () => {
    assert.deepEqual(found(all), []);
  });

  test('every two lines that have changed places, however far apart', () => {
    for (let x = 0; x < count; x++) for (let y = x + 1; y < count; y++) finds(swap(all, x, y));
  });

  test('every block that was turned round', () => {
    for (let x = 0; x < count; x++) {
      for (let y = x + 1; y < count; y += 1 + ((y - x) >> 2)) finds(reverse(all, x, y));
    }
  });

  test('a copy of lines, anywhere', () => {
    fc.assert(
      fc.property(pair, place, fc.nat(3), ([x, far], to, length) => {
        // Two beginnings are the same, too.
        fc.pre(x > 0);
        finds(copy(all, x, Math.min(far, x + length), to));
      }),
      // The last one: with the line before it, what was put in is as good a run as what was there.
      { numRuns: 500, examples: [[[86, 89], 86, 3]] },
    );
  });

  test('lines that were moved', () => {
    fc.assert(
      fc.property(place, fc.nat(4), fc.integer({ min: 1, max: count }), (x, length, more) => {
        const [y, to] = [x + length, x + 2 * length + 1 + more];
        fc.pre(to < count);
        finds(move(all, x, y, to));
      }),
      { numRuns: 500 },
    );
  });

  test('lines that are gone', () => {
    fc.assert(
      fc.property(place, fc.nat(10), (x, length) => {
        const y = x + length;
        fc.pre(y < count - 1 && all[x]?.file === all[y + 1]?.file);
        const { flaws } = verify(remove(all, x, y).rows);
        assert.equal(flaws.length, 1);
        const [flaw] = flaws;
        assert.deepEqual([flaw?.kind, flaw?.seq], ['removed', x + 1]);
        assert.equal(flaw?.line, (x % each) + 1);
        const which = length === 0 ? `entry ${x + 1} is` : `entries ${x + 1} to ${y + 1} are`;
        assert.match(flaw?.words ?? '', new RegExp(`${which} missing`));
      }),
      { numRuns: 300 },
    );
  });

  test('a line that says something else, or nothing', () => {
    for (let x = 0; x < count; x++) {
      finds(change(all, x));
      finds(garble(all, x));
    }
  });

  test('lines that were put in, with good hashes and without', () => {
    for (let x = 0; x < count - 2; x++) finds(forge(all, x));
    for (let x = 0; x < count - 1; x++) {
      finds(litter(all, x, ['x']));
      finds(litter(all, x, [textAt(all, 3).replace('"seq"', '"seq" ')]));
      finds(litter(all, x, ['x', 'y', 'z']));
    }
  });

  test('several things at once, each in its own part', () => {
    const deed = fc.constantFrom('swap', 'reverse', 'copy', 'move', 'change', 'forge', 'litter');
    const deeds = fc.tuple(deed, deed, deed);
    fc.assert(
      fc.property(deeds, fc.nat(8), fc.nat(8), (chosen, from, span) => {
        let rows = all;
        const words: string[] = [];
        // From the last on, so that what is before it stays where it was.
        for (const [i, what] of [...chosen.entries()].reverse()) {
          const x = i * each + 2 + from;
          const y = x + 1 + span;
          const done = {
            swap: () => swap(rows, x, y),
            reverse: () => reverse(rows, x, y),
            copy: () => copy(rows, x, x, y),
            move: () => move(rows, x, x, y + 1),
            change: () => change(rows, x),
            forge: () => forge(rows, x),
            litter: () => litter(rows, x, ['x']),
          }[what]();
          words.unshift(...done.found);
          ({ rows } = done);
        }
        const kinds = found(rows).map((word) => word.replace(/ \d+\+/, ' '));
        assert.deepEqual(
          kinds,
          words.map((word) => word.replace(/ \d+\+/, ' ')),
        );
      }),
      { numRuns: 500 },
    );
  });
});

describe('a big log', () => {
  const big = writeLog(drafts(12_000)).lines.map((text) => ({ file: fileName(1), text }));

  test('of which two lines far apart have changed places', () => {
    finds(swap(big, 10, 11_990));
    finds(swap(big, 0, 11_999));
  });

  test('that was shuffled is judged in parts, and as much is named as anybody reads', () => {
    const even = big.filter((_, i) => i % 2 === 0);
    const odd = big.filter((_, i) => i % 2 === 1);
    const { flaws, more } = verify([...odd, ...even]);
    assert.equal(flaws.length, 100);
    assert.ok(more > 1000);
    assert.ok(flaws.every(({ kind }) => kind !== 'changed'));
    const { flaws: turned } = verify(big.toReversed());
    assert.equal(turned.length, 100);
  });
});
