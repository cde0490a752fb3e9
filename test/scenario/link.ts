// A link between a director and a board: what goes over it may be lost, late, doubled and out of order.

import { type Millis, millis } from '../../src/model/time.ts';
import type { Board, Clock, Random } from '../../src/ports.ts';

export type Weather = 'sound' | 'lossy' | 'slow' | 'doubling' | 'stormy';

interface Habits {
  /** Share of calls that never arrive, or whose answer does not. */
  readonly loses: number;
  /** The longest that a call is under way, there and back. */
  readonly delays: number;
  /** Share of posts that arrive once more, after later ones perhaps. */
  readonly doubles: number;
}

const habits: Readonly<Record<Weather, Habits>> = {
  sound: { loses: 0, delays: 0, doubles: 0 },
  lossy: { loses: 0.4, delays: 0, doubles: 0 },
  slow: { loses: 0, delays: 900, doubles: 0 },
  doubling: { loses: 0, delays: 50, doubles: 0.4 },
  stormy: { loses: 0.2, delays: 1500, doubles: 0.2 },
};

/** As long as a Redis is given to answer. */
export const patience = millis(1000);

/** No post arrives later than this after it was made; one that took longer than `patience` was given up. */
export const latest = millis(2000);

/** The board as it is reached in whatever weather there is at each call. */
export function exposeLink(
  board: Board,
  weather: () => Weather,
  clock: Clock,
  chance: Random,
): Board {
  const { signal } = new AbortController();
  const after = async (span: number): Promise<void> => clock.sleep(millis(span), signal);
  const giveUp = async (span: Millis): Promise<never> => {
    await after(span);
    throw new Error('no answer in time');
  };
  /** What takes longer than anybody waits is done all the same, and nobody learns of it. */
  const wait = async <T>(doing: Promise<T>): Promise<T> => {
    doing.catch(() => undefined);
    return Promise.race([doing, giveUp(patience)]);
  };
  return {
    ...board,
    post(slot, value, lifetime, isQuiet) {
      const { loses, delays, doubles } = habits[weather()];
      if (loses + delays + doubles === 0) return board.post(slot, value, lifetime, isQuiet);
      const arrive = async (span: number): Promise<void> => {
        await after(span);
        await board.post(slot, value, lifetime, isQuiet);
      };
      if (chance() < doubles) arrive(chance() * latest).catch(() => undefined);
      if (chance() >= loses) return wait(arrive(chance() * delays));
      if (chance() < 0.5) arrive(chance() * delays).catch(() => undefined);
      return giveUp(patience);
    },
    read(only) {
      const { loses, delays } = habits[weather()];
      if (loses + delays === 0) return board.read(only);
      if (chance() < loses) return giveUp(patience);
      const look = async (): Promise<Awaited<ReturnType<Board['read']>>> => {
        await after((chance() * delays) / 2);
        const found = await board.read(only);
        await after((chance() * delays) / 2);
        return found;
      };
      return wait(look());
    },
    onHint(listener) {
      board.onHint((slot) => {
        const { loses, delays, doubles } = habits[weather()];
        if (loses + delays + doubles === 0) return listener(slot);
        const times = chance() < loses ? 0 : chance() < doubles ? 2 : 1;
        for (let i = 0; i < times; i++) void after(chance() * delays).then(() => listener(slot));
      });
    },
  };
}
