// What several threads counted, added up.

import { type Counters, createDnsCounts, type DnsCounts, outcomes } from '../counters.ts';

/** None of them is changed. */
export function sumCounts(all: Iterable<DnsCounts>): DnsCounts {
  const sum = createDnsCounts();
  for (const { counters, sendErrors, proxyRefusals, connections } of all) {
    addCounters(sum.counters, counters);
    sum.sendErrors += sendErrors;
    for (const transport of proxied) sum.proxyRefusals[transport] += proxyRefusals[transport];
    sum.connections += connections;
  }
  return sum;
}

/** Adds the second to the first. */
function addCounters(sum: Counters, counters: Counters): void {
  for (const outcome of outcomes) sum.outcomes[outcome] += counters.outcomes[outcome];
  for (const transport of transports) sum.received[transport] += counters.received[transport];
  for (const name of plain) sum[name] += counters[name];
  for (const [region, count] of counters.chosen) {
    sum.chosen.set(region, (sum.chosen.get(region) ?? 0) + count);
  }
  sum.transfers.completed += counters.transfers.completed;
  sum.transfers.broken += counters.transfers.broken;
}

const proxied = ['udp', 'tcp', 'tls'] as const;
const transports = [...proxied, 'https'] as const;

const plain = [
  'withSubnet',
  'withCookie',
  'withGoodCookie',
  'wouldLimit',
  'failedOpen',
  'belowFloor',
  'failedClosed',
  'stoodIn',
] as const satisfies readonly (keyof Counters)[];
