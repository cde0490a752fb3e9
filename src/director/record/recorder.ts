// The recorder: drafts → the chain of entries on disk, through full disks, crashes and files that others touched.

import { beginning, type Draft, readEntry, type Writer, writeEntries } from '../../audit/entry.ts';
import type { AuditBounds, AuditTally, ChainHead } from '../../model/audit.ts';
import type { Fault } from '../../model/fault.ts';
import { formatInstant, type Millis, millis } from '../../model/time.ts';
import type { Clock, Journal, Log } from '../../ports.ts';
import type { OwnKind } from './kinds.ts';
import { LogTail, nextName } from './log-tail.ts';

export interface RecorderOptions extends Writer {
  readonly journal: Journal;
  readonly bounds: AuditBounds;
  readonly clock: Clock;
  readonly log: Log;
  readonly stop: AbortSignal;
  /** Called once with the newest of what earlier lives left, oldest first. */
  readonly onRecalled: (drafts: readonly Draft[]) => void;
}

/** What is held while nothing can be written, how much goes to disk together, and what is recalled. */
const most = { waiting: 10_000, batch: 500, recalled: 5000 };

/** How long until a disk that failed is tried again. */
const retryAfter = millis(5000);

/** Where the log goes on. */
interface Place {
  /** The file that grows; undefined where that stays as it was found. */
  readonly name: string | undefined;
  octets: number;
  /** A newer one that was begun, and in which nothing stands yet. */
  readonly empty?: string | undefined;
  /** What the next entry follows: another than the newest on disk where lines behind that are damaged. */
  follows: ChainHead;
}

export interface Recorder {
  /** The newest entry on disk; undefined before the first. */
  head(): ChainHead | undefined;
  tally(): AuditTally;
  put(draft: Draft): void;
  /** Settles when everything so far is on disk, or has failed once more. */
  flush(): Promise<void>;
}

export function createRecorder(options: RecorderOptions): Recorder {
  const recorder = new ChainRecorder(options);
  void recorder.flush();
  return recorder;
}

interface Gap {
  readonly since: string;
  readonly reason: string;
  lost: number;
}

class ChainRecorder implements Recorder {
  readonly #options: RecorderOptions;
  readonly #waiting: Draft[] = [];
  /** What was found when the log was opened, to be recorded before all that waits. */
  #found: readonly Draft[] = [];
  /** Undefined until it is opened. */
  #place: Place | undefined;
  #head: ChainHead | undefined;
  #busy: Promise<void> | undefined;
  #hasRecalled = false;
  /** Since when nothing could be written, why, and how many found no room to wait. */
  #gap: Gap | undefined;
  #isRetrying = false;
  readonly #tally = { written: 0, lost: 0, failures: 0 };
  #writtenAt: Millis | undefined;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  head(): ChainHead | undefined {
    return this.#head;
  }

  tally(): AuditTally {
    return { ...this.#tally, waiting: this.#waiting.length, writtenAt: this.#writtenAt };
  }

  put(draft: Draft): void {
    if (this.#waiting.length < most.waiting) this.#waiting.push(draft);
    else this.#lose();
    if (!this.#isRetrying) void this.flush();
  }

  /** One write at a time: what comes meanwhile goes with the next. */
  flush(): Promise<void> {
    this.#busy ??= this.#work();
    return this.#busy;
  }

  async #work(): Promise<void> {
    // What comes while a write is ending goes with another.
    do {
      try {
        await this.#writeAll();
      } catch (error) {
        this.#fail({ code: 'disk.write', message: String(error) });
      }
    } while (this.#waiting.length > 0 && this.#gap === undefined);
    this.#busy = undefined;
  }

  async #writeAll(): Promise<void> {
    for (let tries = 0; tries < 3; ) {
      this.#place ??= await this.#open();
      if (this.#place === undefined) return;
      const isIdle = this.#waiting.length + this.#found.length === 0 && this.#gap === undefined;
      if (isIdle) return;
      const result = await this.#writeBatch(this.#place);
      if (result === 'failed') return;
      tries = result === 'moved' ? tries + 1 : 0;
    }
    const message =
      'the audit log is written by somebody else: give each director a state of its own';
    this.#fail({ code: 'disk.write', message });
  }

  /** Finds where the log ended, and goes on from there; undefined when that failed. */
  async #open(): Promise<Place | undefined> {
    const tail = new LogTail(this.#options.digest, most.recalled);
    const opened = await this.#options.journal.open((line) => tail.take(line));
    if ('code' in opened) return this.#fail(opened);
    if (!this.#hasRecalled) this.#options.onRecalled(tail.entries.slice(-most.recalled));
    this.#hasRecalled = true;
    const [known, found] = [this.#head?.seq ?? 0, tail.last?.seq ?? 0];
    const isCut = known > found;
    this.#found = [
      ...(opened.torn === undefined ? [] : [this.#draft('torn', opened.torn)]),
      ...(isCut ? [this.#draft('cut', { known, found })] : []),
      ...(tail.isDamaged ? [this.#draft('damaged', { file: opened.name })] : []),
    ];
    if (isCut || tail.isDamaged) {
      const reason = 'it is not as it was written: meridian audit verify says where';
      this.#options.log.error('audit.damaged', { reason });
    }
    const follows = (isCut ? this.#head : tail.head(opened.name)) ?? beginning;
    if (!isCut) this.#head = tail.last && { seq: tail.last.seq, hash: tail.last.hash };
    // What is damaged stays as it was found.
    const isGoingOn = !isCut && !tail.isDamaged;
    return { ...opened, name: isGoingOn ? opened.name : undefined, follows };
  }

  async #writeBatch(place: Place): Promise<'written' | 'moved' | 'failed'> {
    const { journal, bounds } = this.#options;
    // What was torn off gets its end in the file in which it lies.
    const isLong = place.octets >= bounds.file && this.#found.length === 0;
    const isFull = place.name === undefined || place.empty !== undefined || isLong;
    const batch = this.#waiting.slice(0, most.batch);
    const gap = this.#gap === undefined ? [] : [this.#draft('gap', { ...this.#gap })];
    const first = isFull ? [this.#draft('file', { after: place.name ?? null })] : [];
    const drafts = [...first, ...this.#found, ...gap, ...batch];
    const { lines, head } = writeEntries(drafts, place.follows, this.#options);
    const name = isFull ? nextName(place.follows, place.empty) : place.name;
    if (isFull) journal.begin(name);
    const written = await journal.append(lines);
    if (written === 'moved' || 'code' in written) {
      // After a failure, too, nobody knows what lies there.
      this.#place = undefined;
      if (written === 'moved') return written;
      this.#fail(written);
      return 'failed';
    }
    this.#waiting.splice(0, batch.length);
    this.#noteWritten(lines.length);
    this.#found = [];
    this.#head = head;
    this.#place = { name, octets: written.octets, follows: head };
    this.#recover();
    if (isFull) await this.#makeRoom(this.#place);
    return 'written';
  }

  /** What has to go is recorded first: a crash between the two leaves a file too many, and none missing. */
  async #makeRoom(place: Place): Promise<void> {
    const { journal, bounds, digest } = this.#options;
    const surplus = await journal.surplus(bounds.total);
    if (surplus === undefined) return;
    const { names, firstLeft } = surplus;
    const left = readEntry(firstLeft, digest);
    if (left === undefined) return;
    const facts = { files: names, lastSeq: left.seq - 1, lastHash: left.prev };
    const draft = this.#draft('removed', facts);
    const { lines, head } = writeEntries([draft], place.follows, this.#options);
    const written = await journal.append(lines);
    if (written === 'moved' || 'code' in written) return;
    this.#head = head;
    this.#noteWritten(lines.length);
    place.octets = written.octets;
    place.follows = head;
    const fault = await journal.remove(names);
    if (fault !== undefined) this.#options.log.warn(fault.code, { reason: fault.message });
  }

  #noteWritten(count: number): void {
    this.#tally.written += count;
    this.#writtenAt = this.#options.clock.now();
  }

  #draft(event: OwnKind, facts: Draft['facts']): Draft {
    return { at: formatInstant(this.#options.clock.now()), event, facts };
  }

  #lose(): void {
    this.#startGap('more happened than could be written').lost++;
    this.#tally.lost++;
  }

  #startGap(reason: string): Gap {
    const since = formatInstant(this.#options.clock.now());
    this.#gap ??= { since, reason, lost: 0 };
    return this.#gap;
  }

  /** Said once, not at every try. */
  #fail(fault: Fault): undefined {
    if (this.#gap === undefined) this.#options.log.error(fault.code, { reason: fault.message });
    this.#startGap(fault.message);
    this.#tally.failures++;
    if (!this.#isRetrying) void this.#retry();
  }

  #recover(): void {
    if (this.#gap === undefined) return;
    const { since, lost } = this.#gap;
    this.#options.log.info('audit.resumed', { since, lost });
    this.#gap = undefined;
  }

  async #retry(): Promise<void> {
    const { clock, stop } = this.#options;
    this.#isRetrying = true;
    while (this.#gap !== undefined && !stop.aborted) {
      await clock.sleep(retryAfter, stop);
      if (!stop.aborted) await this.flush();
    }
    this.#isRetrying = false;
  }
}
