// The configuration that a director starts with: what its files say or, where they have faults, the last good one.

import { dirname, resolve } from 'node:path';
import type { WrittenConfig } from '../config/last-good.ts';
import { decodeLastGood, encodeLastGood } from '../config/last-good.ts';
import type { Conclude } from '../director/conclude.ts';
import type { Gossip } from '../director/gossip/gossip.ts';
import type { GroundOptions } from '../director/ground.ts';
import type { Notify } from '../director/transfer/notify.ts';
import type { ReloadTeller } from '../director/record/reloads.ts';
import { createReload } from '../director/reload.ts';
import type { SnapshotCell } from '../director/snapshot.ts';
import type { Safety } from '../director/safety.ts';
import type { Watch } from '../director/watch.ts';
import { createDiskStore } from '../edge/store.ts';
import type { Loader } from '../load.ts';
import { type Checked, type Fault, formatFault } from '../model/fault.ts';
import type { Approval } from '../model/reload.ts';
import type { Settings } from '../model/settings.ts';
import { formatMoment, formatSpan, type Millis } from '../model/time.ts';
import type { Clock, Log, Store } from '../ports.ts';
import type { Parts } from './parts.ts';

export interface Start {
  readonly settings: Settings;
  /** What the files say; undefined where they have faults. */
  readonly written: WrittenConfig | undefined;
  /** When the files were last read without a fault. */
  readonly goodAt: Millis;
  /** Of the files as they are now. */
  readonly faults: readonly Fault[];
}

export interface StartOptions {
  readonly loader: Loader;
  readonly clock: Clock;
  /** Refuses to start with anything but what the files say. */
  readonly isStrict: boolean;
  readonly openStore: (folder: string | undefined) => Store | undefined;
}

/** Where nothing can be started with, every fault of the files, and why the last good one is of no use. */
export async function chooseConfiguration(options: StartOptions): Promise<Checked<Start>> {
  const { loader, clock, isStrict } = options;
  const loaded = await loader.load();
  if (loaded.ok) {
    const { settings, written } = loaded.value;
    return { ok: true, value: { settings, written, goodAt: clock.now(), faults: [] } };
  }
  if (isStrict) return loaded;
  const { faults } = loaded;
  const kept = await recall(options);
  if (kept === undefined) return loaded;
  if (!kept.ok) return { ok: false, faults: [...faults, ...kept.faults] };
  return { ok: true, value: { ...kept.value, written: undefined, faults } };
}

/** Undefined where no configuration is kept. */
async function recall(
  options: StartOptions,
): Promise<Checked<Pick<Start, 'settings' | 'goodAt'>> | undefined> {
  const { loader, openStore } = options;
  const outline = await loader.outline();
  const text = await openStore(outline.state)?.load(name);
  if (text === undefined) return undefined;
  const kept = decodeLastGood(text);
  if (kept === undefined) return refuse('what is kept of it is of another release');
  const recalled = await loader.recall(kept);
  const { goodAt } = kept;
  if (!recalled.ok) {
    const words = `of ${formatMoment(goodAt)} cannot be used either`;
    const faults = recalled.faults.map((fault) => ({
      ...fault,
      // It lies in no file that anybody could open.
      position: undefined,
      message: `the last good configuration ${words}: ${fault.message}`,
    }));
    return { ok: false, faults };
  }
  const { id } = recalled.value.director;
  const isOurs = outline.director === undefined || outline.director === id;
  if (!isOurs) return refuse(`it is that of the director ${id}`);
  return { ok: true, value: { settings: recalled.value, goodAt } };
}

function refuse(why: string): Checked<never> {
  const message = `the last good configuration cannot be used: ${why}`;
  return { ok: false, faults: [{ code: 'config.last-good', message }] };
}

const name = 'configuration';

/** In one sentence. */
const mostNamed = 20;

/** Its secrets stay where they are. */
async function keepConfiguration(
  written: WrittenConfig,
  { store, clock, log }: Pick<ReloadParts, 'store' | 'clock' | 'log'>,
): Promise<void> {
  const fault = await store?.save(name, encodeLastGood(written, clock.now()));
  if (fault !== undefined) log.error(fault.code, { reason: fault.message });
}

/** Says what is in force in place of files with faults; the first reload names all of these. */
export function tellLastGood({ goodAt, faults }: Start, now: Millis, log: Log): void {
  if (faults.length === 0) return;
  const age = formatSpan(Math.max(0, Math.round((now - goodAt) / 1000) * 1000));
  const since = `of ${formatMoment(goodAt)} (${age} ago)`;
  const rest = faults.length > mostNamed ? `; and ${faults.length - mostNamed} more` : '';
  const named = faults.slice(0, mostNamed).map(formatFault).join('; ') + rest;
  const reason = `the configuration files have faults, so the last good configuration ${since} is in force until they are mended: ${named}`;
  log.warn('config.last-good', { faults: faults.length, reason });
}

interface ReloadParts
  extends Pick<Parts, 'cell' | 'files' | 'store' | 'tallies' | 'clock' | 'log'> {
  readonly watch: Watch;
  readonly conclude: Conclude;
  readonly gossip: Gossip;
  readonly safety: Safety;
  /** Gives zones the serials that they do not bring along. */
  readonly number: (settings: Settings) => Settings;
  readonly notify: Pick<Notify, 'tell'>;
  readonly reloads: ReloadTeller;
}

/** Whatever the files say without a fault comes into force, and is kept for a start on which they have some. */
export function startReloading(
  loader: Loader,
  start: Start,
  laying: GroundOptions,
  parts: ReloadParts,
): () => Promise<readonly Fault[]> {
  const { cell, files, tallies, watch, conclude, gossip, safety, number, notify, reloads } = parts;
  let { written } = start;
  const keep = (): void => {
    if (written !== undefined) void keepConfiguration(written, parts);
    written = undefined;
  };
  keep();
  loadJudge(cell);
  return createReload({
    ...laying,
    loadSettings: async () => {
      const loaded = await loader.load();
      if (!loaded.ok) return loaded;
      ({ written } = loaded.value);
      return { ok: true, value: number(loaded.value.settings) };
    },
    judge: async (next) => {
      let rules: Approval['rules'] = [];
      const fault = safety.judgeReload(next.settings, (findings) => void (rules = findings));
      if (fault !== undefined) return fault;
      const { judgeMoves } = await import('./moves.ts');
      const moves = await judgeMoves(next, { cell, pause: laying.pause, clock: parts.clock });
      return 'code' in moves ? moves : { ...moves, rules };
    },
    cell,
    onGood: () => {
      files.good();
      keep();
    },
    onAccepted: (accepted, approval, before) => {
      reloads.taken(before, accepted, approval);
      tallies.reloads.accepted++;
      notify.tell(accepted);
      watch.setRegions(accepted.regions.values());
      conclude.now();
      gossip.announce();
    },
    onRefused: (faults) => {
      tallies.reloads.refused++;
      files.refused(faults);
      reloads.refused(cell.view.snapshot.settings, faults);
    },
  });
}

/** What judges moves is loaded while its files are those of this release: another may be put in their place later. */
function loadJudge({ ground }: SnapshotCell): void {
  if (ground.settings.reload !== undefined) void import('./moves.ts').catch(() => undefined);
}

/** The disk of a director, whose faults are told once there is a log. */
export function openStores(config: string, incarnation: number) {
  const early: Fault[] = [];
  let tell = (fault: Fault): void => void early.push(fault);
  const stores = new Map<string, Store>();
  return {
    open(folder: string | undefined): Store | undefined {
      if (folder === undefined) return undefined;
      const path = resolve(dirname(config), folder);
      const onFault = (fault: Fault): void => tell(fault);
      const store = stores.get(path) ?? createDiskStore({ folder: path, incarnation, onFault });
      stores.set(path, store);
      return store;
    },
    tellTo(log: Log): void {
      tell = (fault) => log.warn(fault.code, { reason: fault.message });
      for (const fault of early) tell(fault);
    },
  };
}
