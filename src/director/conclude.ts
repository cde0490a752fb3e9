// Votes and overrides → the next snapshot: the only flow that changes what answers say.

import { sameHealth, tally } from '../health/tally.ts';
import type { HealthView } from '../model/health.ts';
import { isActive, type Override } from '../model/override.ts';
import type { RegionId } from '../model/region.ts';
import { millis } from '../model/time.ts';
import type { Clock, Log, Store } from '../ports.ts';
import type { Gossip } from './gossip/gossip.ts';
import { encodeMemory } from './gossip/memory.ts';
import type { SnapshotCell } from './snapshot.ts';
import { encodeVerdicts } from './verdicts.ts';

/** How often time alone is given a chance: votes grow old, overrides end. */
const tick = millis(250);

/** How often what was heard is written down even when no answer changed. */
const ticksPerSave = 40;

export interface Conclude extends AsyncDisposable {
  /** Concludes at once; called when gossip brings news. */
  now(): void;
  /** The newest tally, with the ages of its votes. */
  health(): HealthView;
}

export interface ConcludeOptions {
  readonly cell: SnapshotCell;
  readonly gossip: Gossip;
  readonly clock: Clock;
  readonly log: Log;
  readonly store: Store | undefined;
}

export function startConclude(options: ConcludeOptions): Conclude {
  const { cell, gossip, clock } = options;
  const stop = new AbortController();
  const keeper = new Keeper(options);
  let health = cell.view.snapshot.health;
  const conclude = (): void => {
    const { settings, overrides } = cell.view.snapshot;
    const now = clock.now();
    health = tally({
      regions: settings.regions.values(),
      observers: settings.health.observers,
      votes: gossip.votes(),
      voteLifetime: settings.health.voteLifetime,
      previous: health,
      now,
    });
    const words = gossip.overrides();
    const active = activeOverrides(words, now);
    const before = cell.view.snapshot.health;
    const hasHealthChanged = !sameHealth(health, before);
    const haveOverridesChanged = !sameOverrides(active, overrides);
    if (hasHealthChanged) {
      logVerdicts(before, health, options.log);
      cell.setHealth(health);
    }
    if (haveOverridesChanged) {
      logOverrides(overrides, active, words, options.log);
      cell.setOverrides(active);
    }
    keeper.note(hasHealthChanged || haveOverridesChanged, health);
  };
  const loop = (async () => {
    while (!stop.signal.aborted) {
      conclude();
      await clock.sleep(tick, stop.signal);
    }
  })();
  return {
    now: conclude,
    health: () => health,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await loop;
      await keeper.save(health);
    },
  };
}

function activeOverrides(
  overrides: readonly Override[],
  now: Override['end'],
): ReadonlyMap<RegionId, Override> {
  return new Map(
    overrides.filter((word) => isActive(word, now)).map((word) => [word.region, word]),
  );
}

function sameOverrides(
  x: ReadonlyMap<RegionId, Override>,
  y: ReadonlyMap<RegionId, Override>,
): boolean {
  if (x.size !== y.size) return false;
  for (const [region, one] of x) {
    const other = y.get(region);
    if (one.id !== other?.id || one.kind !== other.kind || one.end !== other.end) return false;
  }
  return true;
}

function logVerdicts(before: HealthView, after: HealthView, log: Log): void {
  for (const [region, { verdict, isKept, votes }] of after) {
    const last = before.get(region);
    // Before its first votes a region is unknown, which is no change.
    if (last === undefined && verdict === 'unknown') continue;
    if (last?.verdict === verdict && last.isKept === isKept) continue;
    const reason = votes.find((vote) => vote.verdict === verdict && vote.reason !== '')?.reason;
    const level = verdict === 'down' || isKept ? 'warn' : 'info';
    log[level]('verdict.changed', {
      region,
      from: last?.verdict ?? 'none',
      to: verdict,
      isKept,
      reason,
    });
  }
}

function logOverrides(
  before: ReadonlyMap<RegionId, Override>,
  after: ReadonlyMap<RegionId, Override>,
  words: readonly Override[],
  log: Log,
): void {
  for (const [region, { id, kind, actor, reason }] of after) {
    if (before.get(region)?.id !== id)
      log.info('override.began', { region, kind, actor, reason, id });
  }
  for (const [region, { id, kind }] of before) {
    if (after.get(region)?.id === id) continue;
    // Whoever lifted or replaced it; nobody when its time was over.
    const word = words.find((each) => each.region === region);
    const by = word?.id !== id || word.isLifted ? word?.actor : undefined;
    log.info('override.ended', { region, kind, by, id });
  }
}

/** Writes down what the next life of this director must know; one write at a time. */
class Keeper {
  readonly #options: ConcludeOptions;
  #ticks = 0;
  #isBusy = false;
  #writing: Promise<void> = Promise.resolve();
  #isFailing = false;

  constructor(options: ConcludeOptions) {
    this.#options = options;
  }

  note(hasChanged: boolean, health: HealthView): void {
    if (hasChanged) this.#ticks = ticksPerSave;
    if (++this.#ticks < ticksPerSave || this.#isBusy) return;
    this.#ticks = 0;
    void this.save(health);
  }

  /** After the write that is under way, if there is one. */
  save(health: HealthView): Promise<void> {
    this.#isBusy = true;
    this.#writing = this.#writing.then(() => this.#write(health));
    return this.#writing;
  }

  async #write(health: HealthView): Promise<void> {
    const { store, cell, gossip, log } = this.#options;
    if (store === undefined) return;
    const { epoch } = cell.view.snapshot;
    const faults = [
      await store.save('verdicts', encodeVerdicts({ epoch, health })),
      await store.save('gossip', encodeMemory(gossip.memory())),
    ];
    const fault = faults.find((each) => each !== undefined);
    // A full disk is news once, not at every write.
    if (fault !== undefined && !this.#isFailing) log.error(fault.code, { reason: fault.message });
    this.#isFailing = fault !== undefined;
    this.#isBusy = false;
  }
}
