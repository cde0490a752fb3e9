// The recorder before a disk that fills up, is cut, is damaged, and is written by somebody else.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { beginning, type Draft, readEntry } from '../../../src/audit/entry.ts';
import { createRecorder } from '../../../src/director/record/recorder.ts';
import type { Fault } from '../../../src/model/fault.ts';
import type { Journal } from '../../../src/ports.ts';
import { briefly, digest, fileName, seal, textOf, verifyFiles, writeLog } from '../../audit/log.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { noon } from '../../support/fleet.ts';
import { createRecordLog } from '../../support/record-log.ts';

/** A disk in memory: one that is full can be read, and has room for the name of a file still. */
class FakeDisk implements Journal {
  readonly files = new Map<string, string[]>();
  torn: { octets: number; sha256: string } | undefined;
  fault: Fault | undefined;
  isMoved = false;
  name: string | undefined;
  empty: string | undefined;
  isNew = false;
  async open(onLine: (line: string) => void) {
    this.isMoved = false;
    this.isNew = false;
    for (const line of [...this.files.values()].flat()) onLine(line);
    const names = [...this.files.keys()].sort();
    this.name = names.findLast((name) => this.octetsOf(name) > 0);
    this.empty = names.at(-1) === this.name ? undefined : names.at(-1);
    const { name, torn, empty } = this;
    return { name, octets: this.octetsOf(name), torn, empty };
  }
  begin(name: string): void {
    this.name = name;
    this.isNew = name !== this.empty;
  }
  async append(lines: readonly string[]) {
    const name = this.name ?? '';
    if (this.isMoved || (this.isNew && this.files.has(name))) return 'moved' as const;
    const file = this.files.get(name) ?? [];
    this.files.set(name, file);
    this.isNew = false;
    if ([...this.files.keys()].sort().at(-1) !== name) return 'moved' as const;
    if (this.fault !== undefined) return this.fault;
    file.push(...lines);
    return { octets: this.octetsOf(this.name) };
  }
  async surplus(most: number) {
    const names = [...this.files.keys()].sort();
    let sum = names.reduce((all, name) => all + this.octetsOf(name), 0);
    const gone: string[] = [];
    while (names.length > 1 && sum > most) {
      const name = names.shift() ?? '';
      sum -= this.octetsOf(name);
      gone.push(name);
    }
    return gone.length === 0
      ? undefined
      : { names: gone, firstLeft: this.files.get(names[0] ?? '')?.[0] ?? '' };
  }
  async remove(names: readonly string[]) {
    for (const name of names) this.files.delete(name);
    return undefined;
  }
  octetsOf(name: string | undefined): number {
    return textOf(this.files.get(name ?? '') ?? []).length;
  }
}

const full: Fault = { code: 'disk.write', message: 'no space left on device' };

function start(disk: FakeDisk, bounds = { file: 1 << 20, total: 1 << 24 }) {
  const clock = createFakeClock(noon);
  const log = createRecordLog();
  const stop = new AbortController();
  const recalled: Draft[] = [];
  const writer = { director: 'ams-1', digest, sign: seal.sign };
  const onRecalled = (drafts: readonly Draft[]): void => void recalled.push(...drafts);
  const port = { clock, log, stop: stop.signal, onRecalled };
  const recorder = createRecorder({ ...writer, ...port, journal: disk, bounds });
  const put = (nth: number): void =>
    recorder.put({ at: '2026-05-01T12:00:00.000Z', event: 'trip', facts: { region: 'eu', nth } });
  return { clock, log, recorder, put, recalled, stop };
}

const entriesOf = (disk: FakeDisk) =>
  [...disk.files.values()].flat().map((line) => readEntry(line, digest));

const eventsOf = (disk: FakeDisk): string[] => entriesOf(disk).map((entry) => entry?.event ?? '?');

async function verdictOf(disk: FakeDisk) {
  const files = Array.from(disk.files, ([name, lines]) => [name, textOf(lines)] as const);
  return verifyFiles(Object.fromEntries(files), { isSigned: seal.verify });
}

test('it tells how writing goes', async () => {
  const disk = new FakeDisk();
  const { recorder, put, clock, stop } = start(disk);
  await recorder.flush();
  const nothing = { written: 0, waiting: 0, lost: 0, failures: 0, writtenAt: undefined };
  assert.deepEqual(recorder.tally(), nothing);
  put(1);
  put(2);
  await recorder.flush();
  // The first of a file tells of the file.
  assert.deepEqual(recorder.tally(), { ...nothing, written: 3, writtenAt: noon });
  disk.fault = full;
  for (let i = 0; i < 10_005; i++) put(i);
  await recorder.flush();
  await clock.advance(7000);
  const { failures, ...rest } = recorder.tally();
  assert.ok(failures >= 2, `${failures} failures`);
  assert.deepEqual(rest, { written: 3, waiting: 10_000, lost: 5, writtenAt: noon });
  disk.fault = undefined;
  await clock.advance(10_000);
  await recorder.flush();
  const { written, waiting, writtenAt } = recorder.tally();
  assert.deepEqual([written, waiting], [entriesOf(disk).length, 0]);
  assert.ok((writtenAt ?? 0) > noon);
  stop.abort();
});

test('a log begins with its file, and a later life goes on with it', async () => {
  const disk = new FakeDisk();
  const first = start(disk);
  first.put(1);
  first.put(2);
  await first.recorder.flush();
  assert.deepEqual(eventsOf(disk), ['file', 'trip', 'trip']);
  assert.equal(first.recorder.head()?.seq, 3);
  const later = start(disk);
  later.put(3);
  await later.recorder.flush();
  assert.deepEqual(
    later.recalled.map(({ event }) => event),
    ['file', 'trip', 'trip'],
  );
  const verdict = await verdictOf(disk);
  assert.deepEqual(briefly(verdict), []);
  assert.equal(verdict.signed, 4);
});

test('files are bounded, and what makes room is recorded', async () => {
  const disk = new FakeDisk();
  const { recorder, put } = start(disk, { file: 3000, total: 9000 });
  for (let i = 0; i < 200; i++) {
    put(i);
    await recorder.flush();
    const octets = [...disk.files.keys()].reduce((sum, name) => sum + disk.octetsOf(name), 0);
    assert.ok(octets < 9000 + 3000 + 2000, `${octets}`);
  }
  const verdict = await verdictOf(disk);
  assert.deepEqual(briefly(verdict), []);
  assert.ok((verdict.first?.seq ?? 0) > 100, 'the oldest are gone');
  const [oldest = '', ...rest] = [...disk.files.keys()].sort();
  disk.files.delete(oldest);
  assert.deepEqual(
    (await verdictOf(disk)).flaws.map(({ kind, line }) => `${kind} ${line}`),
    ['file-missing 1'],
    `${oldest} is missed before ${rest[0]}`,
  );
});

describe('a full disk', () => {
  test('is said once, the service goes on, and nothing is lost that had room to wait', async () => {
    const disk = new FakeDisk();
    const { recorder, put, clock, log } = start(disk);
    put(1);
    await recorder.flush();
    disk.fault = full;
    for (let i = 2; i < 10; i++) put(i);
    await recorder.flush();
    await clock.advance(60_000);
    assert.deepEqual(log.lines, ['error disk.write']);
    assert.equal(recorder.head()?.seq, 2);
    disk.fault = undefined;
    await clock.advance(6000);
    await recorder.flush();
    assert.deepEqual(log.lines, ['error disk.write', 'info audit.resumed']);
    const gap = entriesOf(disk).find((entry) => entry?.event === 'gap');
    assert.deepEqual(gap?.facts, {
      since: '2026-05-01T12:00:00.000Z',
      reason: full.message,
      lost: 0,
    });
    assert.equal(eventsOf(disk).filter((event) => event === 'trip').length, 9);
    assert.deepEqual(briefly(await verdictOf(disk)), []);
  });

  test('for longer than memory reaches loses entries, and records how many', async () => {
    const disk = new FakeDisk();
    disk.fault = full;
    const { recorder, put, clock } = start(disk);
    for (let i = 0; i < 10_050; i++) put(i);
    await recorder.flush();
    disk.fault = undefined;
    await clock.advance(6000);
    await recorder.flush();
    const gap = entriesOf(disk).find((entry) => entry?.event === 'gap');
    assert.equal(gap?.facts['lost'], 50);
    assert.deepEqual(briefly(await verdictOf(disk)), []);
  });
});

describe('a disk that is full when a file begins', () => {
  const bounds = { file: 1000, total: 1 << 20 };

  /** Full for a minute, then another life, or the same one. */
  async function fill(disk: FakeDisk, isRestarted: boolean, put: number): Promise<void> {
    disk.fault = full;
    const first = start(disk, bounds);
    for (let i = 0; i < put; i++) first.put(i);
    await first.recorder.flush();
    await first.clock.advance(60_000);
    disk.fault = undefined;
    if (isRestarted) first.stop.abort();
    const { recorder, clock, put: putLater } = isRestarted ? start(disk, bounds) : first;
    putLater(100);
    await clock.advance(6000);
    await recorder.flush();
  }

  for (const isRestarted of [false, true]) {
    const who = isRestarted ? 'another life' : 'the same life';
    test(`gets the first file from ${who}`, async () => {
      const disk = new FakeDisk();
      await fill(disk, isRestarted, 2);
      assert.deepEqual([...disk.files.keys()], [fileName(1)]);
      const trips = isRestarted ? ['trip'] : ['gap', 'trip', 'trip', 'trip'];
      assert.deepEqual(eventsOf(disk), ['file', ...trips]);
      assert.deepEqual(briefly(await verdictOf(disk)), []);
    });

    test(`gets the next file from ${who}, which goes on after the one before`, async () => {
      const disk = new FakeDisk();
      const before = start(disk, bounds);
      for (let i = 0; i < 4; i++) before.put(i);
      await before.recorder.flush();
      before.stop.abort();
      const { length } = entriesOf(disk);
      await fill(disk, isRestarted, 2);
      const name = fileName(length + 1);
      assert.deepEqual([...disk.files.keys()], [fileName(1), name]);
      const file = entriesOf(disk)[length];
      assert.deepEqual([file?.seq, file?.facts], [length + 1, { after: fileName(1) }]);
      assert.deepEqual(briefly(await verdictOf(disk)), []);
    });

    test(`behind a damaged end gets one file from ${who}, not one at every try`, async () => {
      const disk = new FakeDisk();
      const { lines } = writeLog([{ at: '', event: 'file', facts: { after: null } }], beginning);
      disk.files.set(fileName(1), [...lines, 'rubbish', 'more']);
      await fill(disk, isRestarted, 2);
      assert.deepEqual([...disk.files.keys()], [fileName(1), fileName(4)]);
      const events = entriesOf(disk).slice(3, 5);
      assert.deepEqual(
        events.map((entry) => [entry?.seq, entry?.event]),
        [
          [4, 'file'],
          [5, 'damaged'],
        ],
      );
      assert.ok(!eventsOf(disk).includes('cut'), 'nothing was cut off');
      assert.equal((await verdictOf(disk)).flaws[0]?.line, 2);
    });
  }

  test('after an end that was cut off gets what was known, as ever', async () => {
    const disk = new FakeDisk();
    const { recorder, put, clock } = start(disk);
    for (let i = 0; i < 5; i++) put(i);
    await recorder.flush();
    disk.files.get(fileName(1))?.splice(3);
    disk.isMoved = true;
    disk.fault = full;
    put(6);
    await recorder.flush();
    disk.fault = undefined;
    await clock.advance(6000);
    await recorder.flush();
    assert.deepEqual([...disk.files.keys()], [fileName(1), fileName(7)]);
    const cut = entriesOf(disk).find((entry) => entry?.event === 'cut');
    assert.deepEqual(cut?.facts, { known: 6, found: 3 });
    assert.deepEqual(briefly(await verdictOf(disk)), ['truncated 1:4 4']);
  });

  test('leaves to an empty file with a lower number what was emptied', async () => {
    const disk = new FakeDisk();
    const { recorder, put } = start(disk, bounds);
    for (let i = 0; i < 12; i++) {
      put(i);
      await recorder.flush();
    }
    const [newest = ''] = [...disk.files.keys()].slice(-1);
    const { seq = 0 } = recorder.head() ?? {};
    disk.files.get(newest)?.splice(0);
    disk.isMoved = true;
    put(12);
    await recorder.flush();
    assert.equal([...disk.files.keys()].at(-1), fileName(seq + 1));
    assert.deepEqual(disk.files.get(newest), [], 'it stays as it was found');
    assert.deepEqual(entriesOf(disk).at(-2)?.facts['known'], seq);
  });
});

describe('what others do to the files', () => {
  test('while the director runs: another life that wrote too is followed', async () => {
    const disk = new FakeDisk();
    const { recorder, put } = start(disk);
    put(1);
    await recorder.flush();
    const other = start(disk);
    other.put(2);
    await other.recorder.flush();
    disk.isMoved = true;
    put(3);
    await recorder.flush();
    assert.deepEqual(briefly(await verdictOf(disk)), []);
    assert.equal(entriesOf(disk).length, 4);
  });

  test('an end that is cut off is recorded with what was known', async () => {
    const disk = new FakeDisk();
    const { recorder, put, log } = start(disk);
    for (let i = 0; i < 5; i++) put(i);
    await recorder.flush();
    disk.files.get(fileName(1))?.splice(3);
    disk.isMoved = true;
    put(6);
    await recorder.flush();
    assert.ok(log.lines.includes('error audit.damaged'));
    const cut = entriesOf(disk).find((entry) => entry?.event === 'cut');
    assert.deepEqual(cut?.facts, { known: 6, found: 3 });
    assert.deepEqual(briefly(await verdictOf(disk)), ['truncated 1:4 4']);
  });

  test('a damaged end stays as it is, and the log goes on in a file of its own', async () => {
    const disk = new FakeDisk();
    const { lines } = writeLog([{ at: '', event: 'file', facts: { after: null } }], beginning);
    disk.files.set(fileName(1), [...lines, 'rubbish', 'more']);
    const { recorder, put, log } = start(disk);
    put(1);
    await recorder.flush();
    assert.ok(log.lines.includes('error audit.damaged'));
    assert.deepEqual([...disk.files.keys()], [fileName(1), fileName(4)]);
    assert.equal((await verdictOf(disk)).flaws[0]?.line, 2);
  });

  test('a line that was torn off is recorded with its digest', async () => {
    const disk = new FakeDisk();
    disk.torn = { octets: 20, sha256: 'f'.repeat(64) };
    const { lines } = writeLog([{ at: '', event: 'file', facts: { after: null } }], beginning);
    disk.files.set(fileName(1), lines);
    const { recorder } = start(disk);
    await recorder.flush();
    assert.deepEqual(entriesOf(disk)[1]?.facts, disk.torn);
  });

  test('somebody who writes all the time ends no loop', async () => {
    const disk = new FakeDisk();
    const { recorder, put, log } = start(disk);
    disk.append = async () => 'moved';
    put(1);
    await recorder.flush();
    assert.deepEqual(log.lines, ['error disk.write']);
  });
});
