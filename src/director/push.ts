// Push probes among the others: what they find is not asked for but was heard.

import { samplePush } from '../health/push.ts';
import type { NetworkProbe, PushProbe } from '../model/region.ts';
import { type Millis, millis } from '../model/time.ts';
import type { Clock, Probe } from '../ports.ts';
import type { Gossip } from './gossip/gossip.ts';
import { reportKey } from './gossip/ledger.ts';

export interface PushOptions {
  /** Makes the probes that have to ask somebody. */
  readonly probe: Probe<NetworkProbe>;
  readonly gossip: Pick<Gossip, 'reports' | 'boards'>;
  readonly clock: Clock;
}

/** Every kind of probe; those that are pushed take no time and no turn among those in flight. */
export function addPushProbes({ probe, gossip, clock }: PushOptions): Probe {
  // A region is watched from one signal to the next: that is how long somebody has been listening.
  const watches = new WeakMap<AbortSignal, Millis>();
  const sample = (spec: PushProbe, signal: AbortSignal) => {
    const now = clock.now();
    const since = watches.get(signal) ?? now;
    watches.set(signal, since);
    const report = gossip.reports().get(reportKey(spec.region, spec.name));
    return samplePush(spec, { report, since, heardAt: heardAt(gossip.boards()) }, now);
  };
  return async (spec, signal) =>
    spec.kind === 'push' ? sample(spec, signal) : probe(spec, signal);
}

/** When a board was last read that others post on; without others, this director's own will do. */
function heardAt(boards: ReturnType<Gossip['boards']>): Millis | undefined {
  const others = boards.filter(({ kind }) => kind !== 'own');
  const reads = (others.length > 0 ? others : boards).flatMap(({ lastReadAt }) => lastReadAt ?? []);
  return reads.length === 0 ? undefined : millis(Math.max(...reads));
}
