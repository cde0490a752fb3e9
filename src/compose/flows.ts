// Flows: probes → votes → boards → verdicts → snapshot, and everything that is told of on the way.

import { randomUUID } from 'node:crypto';
import manifest from '../../package.json' with { type: 'json' };
import { type Recording, startRecording } from './audit.ts';
import type { Parts } from './parts.ts';
import { openPeerTrust } from './certificates.ts';
import { openWebhooks } from './webhooks.ts';
import { startProbing } from './probing.ts';
import { type Conclude, startConclude } from '../director/conclude.ts';
import { createDoorBook, type DoorBook } from '../director/record/doors.ts';
import { type EventKeeper, keepEvents } from '../director/events.ts';
import { type Gossip, startGossip } from '../director/gossip/gossip.ts';
import { decodeMemory } from '../director/gossip/memory.ts';
import { type Loads, startLoads } from '../director/loads.ts';
import { createSafety, type Safety } from '../director/safety.ts';
import { standingOf } from '../director/standing.ts';
import type { Watch } from '../director/watch.ts';
import { openBoards } from '../edge/boards.ts';
import type { VotesDoor } from '../edge/http/app.ts';
import { createSeal } from '../edge/seal.ts';
import type { Seal } from '../ports.ts';

export interface Flows extends Recording {
  readonly seal: Seal;
  readonly gossip: Gossip;
  readonly watch: Watch;
  readonly conclude: Conclude;
  readonly loads: Loads;
  readonly events: EventKeeper;
  readonly safety: Safety;
  readonly doors: DoorBook;
  readonly votes: VotesDoor | undefined;
}

/** Probes → votes → boards → verdicts → snapshot. */
export async function startFlows(parts: Parts): Promise<Flows> {
  const { cell, files, store, clock, log, tallies, building } = parts;
  const { settings } = cell.view.snapshot;
  const kept = await store?.load('gossip');
  let conclude: Conclude | undefined;
  let loads: Loads | undefined;
  const seal = createSeal(settings.gossip.secrets);
  const trust = await openPeerTrust(parts);
  const { boards, served } = await openBoards(settings.gossip, { seal, clock, log, trust });
  for (const board of boards) building.use(board);
  const gossip: Gossip = building.use(
    startGossip({
      observer: settings.director.id,
      region: settings.director.region,
      incarnation: clock.now(),
      boards,
      seal,
      clock,
      random: Math.random,
      log,
      voteLifetime: settings.health.voteLifetime,
      postEvery: settings.gossip.postEvery,
      readEvery: settings.gossip.readEvery,
      standing: () => standingOf(cell.view.snapshot, gossip, manifest.version, clock.now()),
      returns: () => conclude?.returns(),
      loads: () => loads?.claims(),
      initial: kept === undefined ? undefined : decodeMemory(kept),
      onChange: () => conclude?.now(),
      onReport: ({ region }) => watch.lookAgain(region),
      count: (event) => void tallies.gossip.set(event, (tallies.gossip.get(event) ?? 0) + 1),
    }),
  );
  const watch = startProbing(parts, gossip, () => conclude?.now());
  const life = randomUUID();
  const doors = createDoorBook();
  const isolated = (): ReadonlySet<string> => conclude?.isolated() ?? new Set();
  const around = { gossip, isolated, doorOf: doors.doorOf };
  const events = keepEvents({ ...around, life, cell, files, clock, log });
  openWebhooks(parts, { events, gossip, isolated });
  const recording = startRecording(parts, { events, seal, life, release: manifest.version });
  const safety = createSafety({ cell, gossip, clock, tell: recording.noteRepeatable });
  const onConcluded = events.look;
  conclude = building.use(startConclude({ cell, gossip, clock, log, store, onConcluded }));
  watch.setRegions(settings.regions.values());
  const { health } = conclude;
  loads = building.use(startLoads({ cell, gossip, watch, health, clock }));
  const votes = served && { board: served, seal, life: randomUUID() };
  return { seal, gossip, watch, conclude, loads, events, safety, doors, votes, ...recording };
}
