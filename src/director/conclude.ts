// Votes and overrides → the next snapshot: the only flow that changes what answers say.

import { claimAll } from '../health/recover.ts';
import { sameHealth, tally } from '../health/tally.ts';
import type { HealthView, Vote } from '../model/health.ts';
import { isActive, type Override, overrideKey, type OverrideView } from '../model/override.ts';
import { type Millis, millis } from '../model/time.ts';
import type { Clock, Log, Store } from '../ports.ts';
import { createFleetWatch, type FleetWatch } from './fleet.ts';
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
  /** What this director claims now of regions' ways back. */
  returns(): Vote['returns'];
  /** Observers that it left out, because they alone see every other region down. */
  isolated(): ReadonlySet<string>;
}

export interface ConcludeOptions {
  readonly cell: SnapshotCell;
  readonly gossip: Gossip;
  readonly clock: Clock;
  readonly log: Log;
  readonly store: Store | undefined;
  /** Called after each conclusion, also one that changed nothing. */
  readonly onConcluded: (health: HealthView) => void;
}

export function startConclude(options: ConcludeOptions): Conclude {
  const { cell, gossip, clock } = options;
  const stop = new AbortController();
  const keeper = new Keeper(options);
  const fleet = createFleetWatch(options.log);
  let health = cell.view.snapshot.health;
  const conclude = (): void => {
    const { overrides } = cell.view.snapshot;
    const now = clock.now();
    const active = activeOverrides(gossip.overrides(), now);
    const last = health;
    health = tallyVotes(options, fleet, active, last, now);
    if (haveSeenOther(last, health)) gossip.announce();
    const hasHealthChanged = !sameHealth(health, cell.view.snapshot.health);
    const haveOverridesChanged = !sameOverrides(active, overrides);
    if (hasHealthChanged) cell.setHealth(health);
    if (haveOverridesChanged) cell.setOverrides(active);
    keeper.note(health);
    options.onConcluded(health);
  };
  const loop = (async () => {
    while (!stop.signal.aborted) {
      conclude();
      await clock.sleep(untilNext(health, clock.now()), stop.signal);
    }
  })();
  return {
    now: conclude,
    health: () => health,
    returns: () => claimAll(health, clock.now()),
    isolated: fleet.isolated,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await loop;
      await keeper.save(health);
    },
  };
}

/** True when a region went down or came up, or the way of one is made: the others should know. */
function haveSeenOther(before: HealthView, after: HealthView): boolean {
  for (const [region, { recovery }] of after) {
    const last = before.get(region)?.recovery.seen;
    if (recovery.seen?.upAt !== last?.upAt || recovery.seen?.trips !== last?.trips) return true;
  }
  return false;
}

function tallyVotes(
  { cell, gossip }: ConcludeOptions,
  fleet: FleetWatch,
  overrides: OverrideView,
  previous: HealthView,
  now: Millis,
): HealthView {
  const { settings } = cell.view.snapshot;
  const { regions, director, health } = settings;
  const votes = gossip.votes();
  return tally({
    regions: regions.values(),
    observers: health.observers,
    votes,
    isolated: fleet.look(votes, settings, now),
    voteLifetime: health.voteLifetime,
    self: director,
    returning: health.return,
    overrides,
    previous,
    now,
  });
}

/** A stage that is due before the next tick begins on time, at every director in the same moment. */
function untilNext(health: HealthView, now: Millis): Millis {
  let span: number = tick;
  for (const { recovery } of health.values()) {
    const { nextAt } = recovery;
    if (nextAt !== undefined) span = Math.min(span, Math.max(1, Math.ceil(nextAt - now)));
  }
  return millis(span);
}

function activeOverrides(overrides: readonly Override[], now: Override['end']): OverrideView {
  return new Map(
    overrides.filter((word) => isActive(word, now)).map((word) => [overrideKey(word), word]),
  );
}

function sameOverrides(x: OverrideView, y: OverrideView): boolean {
  if (x.size !== y.size) return false;
  for (const [key, one] of x) {
    const other = y.get(key);
    if (one.id !== other?.id || one.kind !== other.kind || one.end !== other.end) return false;
  }
  return true;
}

/** Writes down what the next life of this director must know; one write at a time. */
class Keeper {
  readonly #options: ConcludeOptions;
  #ticks = 0;
  /** The newest that is written or about to be. */
  #epoch = 0;
  #isBusy = false;
  #writing: Promise<void> = Promise.resolve();
  #isFailing = false;

  constructor(options: ConcludeOptions) {
    this.#options = options;
  }

  /** Every epoch is written at once, so that no later life gives its number to another snapshot. */
  note(health: HealthView): void {
    const { epoch } = this.#options.cell.view.snapshot;
    if (epoch !== this.#epoch) this.#ticks = ticksPerSave;
    this.#epoch = epoch;
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
    const { store, cell, gossip, clock, log } = this.#options;
    if (store === undefined) return;
    const { epoch } = cell.view.snapshot;
    const faults = [
      await store.save('verdicts', encodeVerdicts({ epoch, health }, clock.now())),
      await store.save('gossip', encodeMemory(gossip.memory())),
    ];
    const fault = faults.find((each) => each !== undefined);
    // A full disk is news once, not at every write.
    if (fault !== undefined && !this.#isFailing) log.error(fault.code, { reason: fault.message });
    this.#isFailing = fault !== undefined;
    this.#isBusy = false;
  }
}
