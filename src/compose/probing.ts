// Probes: every kind of them by the rules in force, and the watch that makes them.

import type { Gossip } from '../director/gossip/gossip.ts';
import { limitCalls } from '../director/in-flight.ts';
import { addPushProbes } from '../director/push.ts';
import type { SnapshotCell } from '../director/snapshot.ts';
import { startWatch, type Watch } from '../director/watch.ts';
import { createProbe } from '../edge/probe.ts';
import type { Settings } from '../model/settings.ts';
import type { Clock, Probe } from '../ports.ts';
import type { Parts } from './parts.ts';

/** Probes → what this observer says; `onNews` is called when that says something new. */
export function startProbing(parts: Parts, gossip: Gossip, onNews: () => void): Watch {
  const { cell, clock, log, building } = parts;
  const speak = (): void => gossip.setOpinions(watch.opinions());
  const watch: Watch = building.use(
    startWatch({
      probe: createProbes(cell, gossip, clock),
      clock,
      random: Math.random,
      log,
      onOpinion: () => {
        speak();
        onNews();
      },
      // Also what is no news, a latency for one, goes along with the next post.
      onSample: () => speak(),
    }),
  );
  return watch;
}

/** Every kind of probe, by the rules in force. */
function createProbes(cell: SnapshotCell, gossip: Gossip, clock: Clock): Probe {
  const rules = (): Settings['health'] => cell.view.snapshot.settings.health;
  const probe = limitCalls(
    createProbe(() => rules().probeNetworks),
    () => rules().probesInFlight,
  );
  return addPushProbes({ probe, gossip, clock });
}
