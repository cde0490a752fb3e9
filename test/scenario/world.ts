// The edges of a scenario's fleet: one clock that tests let pass, boards that fail, regions that are probed.

import { createLocalBoard } from '../../src/edge/local-board.ts';
import type { Sample } from '../../src/model/health.ts';
import { type NetworkProbe, probedHost } from '../../src/model/region.ts';
import { formatSpan, type Millis, millis } from '../../src/model/time.ts';
import type { Board, Clock, Posted, Probe } from '../../src/ports.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import { chanceOf } from '../support/chance.ts';
import { noon } from '../support/fleet.ts';
import { exposeLink, patience, type Weather } from './link.ts';

export interface World {
  readonly clock: FakeClock;
  /** How far the clock of a director's machine is ahead of the true one, in ms. */
  readonly ahead: Map<string, number>;
  readonly boards: Map<string, ScriptedBoard>;
  /** As a director that starts now sees it: setting it later changes nothing in that life. */
  clockOf(director: string): Clock;
  /** Concerns every director, also one that was told otherwise, where none is named. */
  setProbe(region: string, behaviour: Behaviour, director?: string): void;
  probeOf(director: string): Probe<NetworkProbe>;
}

/** `refused` at once, `silent` until the timeout, or by turns healthy and refused. */
export type Behaviour = 'healthy' | 'refused' | 'silent' | { readonly flapsEvery: Millis };

export interface ScriptedBoard {
  /** A dead board forgets what was on it; one that hangs answers nobody, and nothing in time. */
  state: 'alive' | 'dead' | 'hung';
  /** What each director that is cut off cannot do. */
  readonly cuts: Map<string, Cut>;
  /** How each director's link is, where it is not sound. */
  readonly weather: Map<string, Weather>;
  /** The board as one director reaches it. */
  linkOf(director: string): Board;
  /** What anybody can do who has its password. */
  copy(): Promise<ReadonlyMap<string, Posted>>;
  put(slot: string, value: string, lifetime: Millis): Promise<void>;
}

export type Cut = 'reading' | 'posting' | 'all';

export function createWorld(): World {
  const clock = createFakeClock(noon);
  const ahead = new Map<string, number>();
  const probes = new Map<string, Behaviour>();
  const started = clock.now();
  return {
    clock,
    ahead,
    boards: new Map(),
    clockOf(director) {
      const span = ahead.get(director) ?? 0;
      return { now: () => millis(clock.now() + span), sleep: clock.sleep };
    },
    setProbe(region, behaviour, director) {
      const key = director === undefined ? region : `${region} ${director}`;
      const others = [...probes.keys()].filter((each) => each.startsWith(`${region} `));
      if (director === undefined) for (const other of others) probes.delete(other);
      probes.set(key, behaviour);
    },
    probeOf: (director) => async (spec, signal) => {
      const region = probedHost(spec);
      const behaviour = probes.get(`${region} ${director}`) ?? probes.get(region) ?? 'healthy';
      if (behaviour !== 'silent') return sampleOf(behaviour, clock.now() - started);
      await clock.sleep(spec.timeout, signal);
      return refused(spec.timeout, `timed out after ${formatSpan(spec.timeout)}`);
    },
  };
}

function sampleOf(behaviour: Exclude<Behaviour, 'silent'>, passed: number): Sample {
  const isHealthy =
    typeof behaviour === 'string'
      ? behaviour === 'healthy'
      : Math.floor(passed / behaviour.flapsEvery) % 2 === 1;
  return isHealthy
    ? { isHealthy, latency: millis(20), reason: '' }
    : refused(millis(1), 'connection refused');
}

function refused(latency: Millis, reason: string): Sample {
  return { isHealthy: false, latency, reason };
}

/** `seed` makes the weather of its links another. */
export function createScriptedBoard(name: string, clock: Clock, seed: string): ScriptedBoard {
  const { signal } = new AbortController();
  const cuts = new Map<string, Cut>();
  const weather = new Map<string, Weather>();
  const listeners = new Map<string, (slot?: string) => void>();
  const hint = (slot?: string): void => {
    if (state !== 'alive') return;
    for (const [director, listener] of listeners) if (isOpen(director, 'reading')) listener(slot);
  };
  const fresh = (): Board => {
    const board = createLocalBoard(clock);
    board.onHint(hint);
    return board;
  };
  let state: ScriptedBoard['state'] = 'alive';
  let inner = fresh();
  const isOpen = (director: string, what: Cut): boolean => {
    const cut = cuts.get(director);
    return cut === undefined || (cut !== 'all' && cut !== what);
  };
  const reach = async <T>(director: string, what: Cut, call: () => Promise<T>): Promise<T> => {
    if (state === 'dead' || !isOpen(director, what)) throw new Error('the board is not reached');
    if (state === 'alive') return call();
    await clock.sleep(patience, signal);
    throw new Error('no answer in time');
  };
  return {
    get state() {
      return state;
    },
    set state(next) {
      if (next === 'dead') inner = fresh();
      state = next;
    },
    cuts,
    weather,
    linkOf(director) {
      const board: Board = {
        name,
        kind: 'store',
        post: (slot, value, lifetime, isQuiet) =>
          reach(director, 'posting', () => inner.post(slot, value, lifetime, isQuiet)),
        read: (only) => reach(director, 'reading', () => inner.read(only)),
        onHint: (listener) => void listeners.set(director, listener),
        [Symbol.asyncDispose]: async () => void listeners.delete(director),
      };
      const chance = chanceOf(`${seed} ${director} ${name}`);
      return exposeLink(board, () => weather.get(director) ?? 'sound', clock, chance);
    },
    copy: () => inner.read(),
    put: (slot, value, lifetime) => inner.post(slot, value, lifetime),
  };
}
