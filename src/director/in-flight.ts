// Probes in flight: lets no more run at once than the operator allows, in the order they came.

import type { Probe } from '../ports.ts';

/**
 * The same probe, which waits for its turn first; waiting is not part of its time. `most` is asked
 * for each time, since it may change. A probe that is stopped while it waits settles at its turn:
 * probes take at most their timeout, so turns come.
 */
export function limitProbes<Spec>(probe: Probe<Spec>, most: () => number): Probe<Spec> {
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
  return async (spec, signal) => {
    const turn = Promise.withResolvers<void>();
    waiting.push(turn.resolve);
    admit();
    await turn.promise;
    try {
      return await probe(spec, signal);
    } finally {
      inFlight--;
      admit();
    }
  };
}
