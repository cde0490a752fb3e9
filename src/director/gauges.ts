// Gauges: asks pages that tell a region's load, and keeps what they and the answers to its probes told.

import { type FigureBook, startFigures, takeFigures } from '../health/figures.ts';
import type { Sample } from '../model/health.ts';
import type { Region } from '../model/region.ts';
import type { Clock, Log, Probe } from '../ports.ts';

/** Those of one region. */
export interface Gauges {
  /** Asks every page that tells load alone, unless the last time is not over; never rejects. */
  ask(signal: AbortSignal): Promise<void>;
  /** Takes in what the answers to the region's probes told, in the order of its list. */
  note(samples: readonly Sample[]): void;
  book(): FigureBook;
}

export interface GaugeOptions {
  readonly probe: Probe;
  readonly clock: Clock;
  readonly log: Log;
}

export function createGauges(
  { id, probes }: Pick<Region, 'id' | 'probes'>,
  { probe, clock, log }: GaugeOptions,
): Gauges {
  const pages = probes?.gauges ?? [];
  let book = startFigures(pages);
  let isAsking = false;
  const take = (kind: 'probe' | 'gauge', samples: readonly Sample[]): void => {
    for (const [i, { told }] of samples.entries()) {
      if (told !== undefined) book = takeFigures(book, [kind, i], told, clock.now());
    }
  };
  return {
    async ask(signal) {
      if (pages.length === 0 || isAsking) return;
      isAsking = true;
      try {
        take('gauge', await Promise.all(pages.map((page) => probe(page, signal))));
      } catch (error) {
        log.error('watch.failed', { region: id, error: String(error) });
      }
      isAsking = false;
    },
    note: (samples) => take('probe', samples),
    book: () => book,
  };
}
