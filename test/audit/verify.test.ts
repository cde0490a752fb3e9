// Whatever is done to a log is found, and its place is named.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { beginning } from '../../src/audit/entry.ts';
import type { Verdict } from '../../src/audit/verify.ts';
import { aDraft, briefly, drafts, fileName, seal, textOf, verifyFiles, writeLog } from './log.ts';

const one = fileName(1);
const whole = writeLog(drafts(8));

const verify = (lines: readonly string[], options = {}): Promise<Verdict> =>
  verifyFiles({ [one]: textOf(lines) }, options);

/** The lines with some of them taken out and others put there. */
const spliced = (at: number, count: number, ...put: string[]): string[] =>
  whole.lines.toSpliced(at, count, ...put);

describe('a log in one file', () => {
  test('is whole as it was written', async () => {
    const verdict = await verify(whole.lines);
    assert.deepEqual(briefly(verdict), []);
    assert.equal(verdict.entries, 8);
    assert.equal(verdict.director, 'ams-1');
    assert.equal(verdict.last?.hash, whole.head.hash);
    assert.deepEqual(verdict.notes, [
      'it does not end with a stop: the director runs, or has crashed, or the end was cut off',
    ]);
    const stopped = writeLog([aDraft('file'), aDraft('stopped')]);
    assert.deepEqual((await verify(stopped.lines)).notes, []);
  });

  test('from which lines were taken, or to which some were added', async () => {
    assert.deepEqual(briefly(await verify(spliced(3, 1))), ['removed 1:4 4']);
    assert.deepEqual(briefly(await verify(spliced(2, 3))), ['removed 1:3 3']);
    assert.deepEqual(briefly(await verify(spliced(0, 1))), ['removed 1:1 1']);
    assert.deepEqual(briefly(await verify(spliced(5, 0, whole.lines[1] ?? ''))), [
      'inserted 1:6 2',
    ]);
    assert.deepEqual(briefly(await verify(spliced(5, 0, 'hello'))), ['inserted 1:6 6']);
    assert.deepEqual(briefly(await verify(spliced(5, 0, ''))), ['inserted 1:6 6']);
  });

  test('of which lines have changed places', async () => {
    const [, , , a = '', b = ''] = whole.lines;
    assert.deepEqual(briefly(await verify(spliced(3, 2, b, a))), [
      'reordered 1:4 5',
      'reordered 1:5 4',
    ]);
  });

  test('of which a line says something else', async () => {
    const line = whole.lines[4]?.replace('"nth":4', '"nth":5') ?? '';
    assert.deepEqual(briefly(await verify(spliced(4, 1, line))), ['changed 1:5 5']);
    assert.deepEqual(briefly(await verify(spliced(4, 1, 'not an entry'))), ['changed 1:5 5']);
    assert.deepEqual(briefly(await verify(spliced(0, 1, 'not an entry'))), ['changed 1:1 1']);
    assert.deepEqual(briefly(await verify(spliced(7, 1, 'not an entry'))), ['changed 1:8 8']);
  });

  test('of which a line was written anew with its hash, as far as nothing follows', async () => {
    const before = writeLog(drafts(4));
    const { lines } = writeLog([aDraft('override', { nth: 5 })], before.head);
    assert.deepEqual(briefly(await verify(spliced(4, 1, ...lines))), ['changed 1:6 6']);
    const rest = writeLog(drafts(4), before.head).lines;
    assert.deepEqual(briefly(await verify([...before.lines, ...rest])), [], 'nobody can tell');
  });

  test('whose last line has no end', async () => {
    const text = textOf(whole.lines);
    const verdict = await verifyFiles({ [one]: text.subarray(0, -9) });
    assert.deepEqual(briefly(verdict), ['truncated 1:8 8']);
  });

  test('whose end was cut off is whole, but for those who know more', async () => {
    const lines = whole.lines.slice(0, 6);
    assert.deepEqual(briefly(await verify(lines)), []);
    const heads = [{ ...whole.head, from: 'http://192.0.2.1:8053' }];
    const verdict = await verify(lines, { heads });
    assert.deepEqual(briefly(verdict), ['truncated 1:7 7']);
    assert.match(
      verdict.flaws[0]?.words ?? '',
      /http:\/\/192\.0\.2\.1:8053 knows of entries up to 8/,
    );
    assert.deepEqual(briefly(await verify(whole.lines, { heads })), []);
    const other = [{ seq: 6, hash: beginning.hash, from: 'a note' }];
    assert.deepEqual(briefly(await verify(whole.lines, { heads: other })), ['changed 1:6 6']);
  });

  test('of which nothing stands in the newest file is whole, and what is said of its end has a place', async () => {
    const two = fileName(9);
    const files = { [one]: textOf(whole.lines), [two]: Buffer.of() };
    const verdict = await verifyFiles(files);
    assert.deepEqual(briefly(verdict), []);
    assert.match(verdict.notes.at(-1) ?? '', /^0{14}9\.jsonl is empty: the disk was full/);
    const heads = [{ seq: 9, hash: beginning.hash, from: 'a note' }];
    assert.deepEqual(briefly(await verifyFiles(files, { heads })), ['truncated 9:1 9']);
    const unsigned = await verifyFiles(files, { isSigned: seal.verify });
    assert.deepEqual(briefly(unsigned), ['unsigned 1:8 8']);
    const { lines } = writeLog([aDraft('file', { after: one })], whole.head);
    assert.deepEqual(briefly(await verifyFiles({ ...files, [two]: textOf(lines) })), []);
  });

  test("that holds another director's line", async () => {
    const other = writeLog(drafts(8), beginning, { director: 'fra-1' });
    assert.deepEqual(briefly(await verify(spliced(4, 1, other.lines[4] ?? ''))), [
      'foreign 1:5 5',
      'removed 1:6 5',
    ]);
  });

  test('is one still when its director was renamed', async () => {
    const { lines } = writeLog(drafts(2), whole.head, { director: 'ams-2' });
    const verdict = await verify([...whole.lines, ...lines]);
    assert.deepEqual(briefly(verdict), []);
    assert.match(verdict.notes[0] ?? '', /from entry 9 on the director is called ams-2/);
  });
});

describe('what was torn off at a crash', () => {
  const torn = Buffer.from('{"seq":9,"at":"2026');
  const facts = { octets: torn.length, sha256: '' };
  const tornText = async (draftFacts: object): Promise<Verdict> => {
    const { lines } = writeLog([aDraft('torn', { ...draftFacts })], whole.head);
    const text = Buffer.concat([textOf(whole.lines), torn, Buffer.from('\n'), textOf(lines)]);
    return verifyFiles({ [one]: text });
  };

  test('is no flaw where the next entry tells of it', async () => {
    const { digest } = await import('./log.ts');
    const verdict = await tornText({ ...facts, sha256: digest(torn.toString()) });
    assert.deepEqual(briefly(verdict), []);
    assert.match(verdict.notes[0] ?? '', /:9 was torn off at a crash, as entry 9 of 2026-05-01/);
  });

  test('is one where that tells of something else', async () => {
    assert.deepEqual(briefly(await tornText(facts)), ['inserted 1:9 9']);
  });
});

describe('a log in several files', () => {
  const first = writeLog(drafts(4));
  const second = writeLog([aDraft('file', { after: one }), ...drafts(2)], first.head);
  const [two, three] = [fileName(5), fileName(8)];
  const third = writeLog([aDraft('file', { after: two }), ...drafts(2)], second.head);
  const files = {
    [one]: textOf(first.lines),
    [two]: textOf(second.lines),
    [three]: textOf(third.lines),
  };
  const without = (name: string) =>
    Object.fromEntries(Object.entries(files).filter(([key]) => key !== name));

  test('is whole with all of them', async () => {
    assert.deepEqual(briefly(await verifyFiles(files)), []);
  });

  test('lacks one', async () => {
    assert.deepEqual(briefly(await verifyFiles(without(two))), ['file-missing 5:1 5']);
    assert.deepEqual(briefly(await verifyFiles(without(one))), ['file-missing 5:1 1']);
  });

  test('lacks lines at the seams', async () => {
    const end = { ...files, [one]: textOf(first.lines.slice(0, 3)) };
    assert.deepEqual(briefly(await verifyFiles(end)), ['truncated 1:4 4']);
    const start = { ...files, [two]: textOf(second.lines.slice(1)) };
    assert.deepEqual(briefly(await verifyFiles(start)), ['removed 5:1 5']);
  });

  test('may lack its oldest, where an entry says that they had to make room', async () => {
    const removed = { files: [one], lastSeq: 4, lastHash: first.head.hash };
    const { lines } = writeLog([aDraft('removed', removed)], third.head);
    const told = { ...without(one), [three]: textOf([...third.lines, ...lines]) };
    assert.deepEqual(briefly(await verifyFiles(told)), []);
    const note = { seq: 3, hash: beginning.hash, from: 'a note' };
    const { flaws, notes } = await verifyFiles(told, { heads: [note] });
    assert.deepEqual(flaws, []);
    const words = 'entry 3, which a note knows, is not here any more, so its hash was not compared';
    assert.ok(notes.includes(words), notes.join('\n'));
    const kept = await verifyFiles(told, { heads: [{ ...note, ...third.head }] });
    assert.ok(!kept.notes.join().includes('compared'));
    assert.deepEqual(briefly(await verifyFiles({ [three]: told[three] ?? Buffer.of() })), [
      'file-missing 8:1 1',
    ]);
  });
});

describe('signatures', () => {
  const isSigned = seal.verify;
  const signed = writeLog(drafts(6), beginning, { isSigned: true });

  test('are checked where the secret is at hand', async () => {
    const verdict = await verify(signed.lines, { isSigned });
    assert.deepEqual(briefly(verdict), []);
    assert.equal(verdict.signed, 6);
    const stranger = { isSigned: () => false };
    assert.equal((await verify(signed.lines, stranger)).flaws.length, 6);
  });

  test('tell what was written anew by somebody without it', async () => {
    const start = writeLog(drafts(4), beginning, { isSigned: true });
    const forged = writeLog(drafts(2), start.head);
    const verdict = await verify([...start.lines, ...forged.lines], { isSigned });
    assert.deepEqual(briefly(verdict), ['unsigned 1:5 5', 'unsigned 1:6 6', 'unsigned 1:6 6']);
    assert.deepEqual(briefly(await verify(writeLog(drafts(3)).lines, { isSigned })), [
      'unsigned 1:3 3',
    ]);
  });

  test('weigh more than length: a longer log of another chain is what was put in', async () => {
    const { lines } = writeLog(drafts(20));
    for (const [name, start] of [
      [fileName(0), '0:1'],
      [fileName(99), '99:1'],
    ] as const) {
      const both = { [one]: textOf(signed.lines), [name]: textOf(lines) };
      const verdict = await verifyFiles(both, { isSigned });
      const found = briefly(verdict).filter((each) => !each.startsWith('unsigned '));
      assert.deepEqual(found, [`inserted ${start} 1`]);
      assert.equal(verdict.signed, 6);
    }
  });

  test('need not stand on what is older than the secret', async () => {
    const later = writeLog(drafts(2), whole.head, { isSigned: true });
    assert.deepEqual(briefly(await verify([...whole.lines, ...later.lines], { isSigned })), []);
  });
});

describe('whatever an enemy does', () => {
  const text = textOf(writeLog(drafts(6), beginning, { isSigned: true }).lines);
  const lineAt = (octet: number): number =>
    text.subarray(0, octet).filter((each) => each === 10).length + 1;
  const found = async (octets: Buffer, line: number): Promise<void> => {
    const { flaws } = await verifyFiles({ [one]: octets });
    const near = flaws.some((flaw) => Math.abs(flaw.line - line) <= 1);
    assert.ok(near, `line ${line}: ${JSON.stringify(flaws)}`);
  };
  const places = fc.nat(text.length - 1);

  test('an octet that is another is found', async () => {
    await fc.assert(
      fc.asyncProperty(places, fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const octets = Buffer.from(text);
        octets[at] = (octets[at] ?? 0) ^ flip;
        await found(octets, lineAt(at));
      }),
      { numRuns: 300 },
    );
  });

  test('an octet that is gone, or one too many, is found', async () => {
    await fc.assert(
      fc.asyncProperty(places, fc.nat(255), fc.boolean(), async (at, octet, isGone) => {
        const middle = isGone ? [] : [octet];
        const rest = text.subarray(isGone ? at + 1 : at);
        await found(Buffer.concat([text.subarray(0, at), Buffer.from(middle), rest]), lineAt(at));
      }),
      { numRuns: 300 },
    );
  });

  test('no line is missed, moved or doubled unseen, and nothing throws', async () => {
    const { lines } = writeLog(drafts(12));
    const index = fc.nat(11);
    const change = fc.oneof(
      fc.tuple(fc.constant('drop'), fc.nat(10), index),
      fc.tuple(fc.constant('swap'), index, index),
      fc.tuple(fc.constant('copy'), index, index),
    );
    await fc.assert(
      fc.asyncProperty(change, async ([what, x, y]) => {
        fc.pre(what !== 'swap' || x !== y);
        const next = [...lines];
        if (what === 'drop') next.splice(x, 1);
        else if (what === 'copy') next.splice(y, 0, lines[x] ?? '');
        else [next[x], next[y]] = [lines[y] ?? '', lines[x] ?? ''];
        assert.ok((await verify(next)).flaws.length > 0);
      }),
      { numRuns: 200 },
    );
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (octets) => {
        await verifyFiles({ [one]: Buffer.from(octets) });
      }),
      { numRuns: 100 },
    );
  });
});
