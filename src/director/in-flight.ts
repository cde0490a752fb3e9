// Calls in flight: lets no more run at once than are allowed, in the order they came.

/**
 * The same call, which waits for its turn first; waiting is not part of its time. `most` is asked
 * for each time, since it may change. A call that is stopped while it waits settles at its turn:
 * each takes at most its own time, so turns come.
 */
export function limitCalls<Args extends readonly unknown[], Result>(
  call: (...args: Args) => Promise<Result>,
  most: () => number,
): (...args: Args) => Promise<Result> {
  const waiting: (() => void)[] = [];
  let inFlight = 0;
  const admit = (): void => {
    while (inFlight < most()) {
      const next = waiting.shift();
      if (next === undefined) return;
      inFlight++;
      next();
    }
  };
  return async (...args) => {
    const turn = Promise.withResolvers<void>();
    waiting.push(turn.resolve);
    admit();
    await turn.promise;
    try {
      return await call(...args);
    } finally {
      inFlight--;
      admit();
    }
  };
}
