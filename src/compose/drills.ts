// Drills of a director, with what its last life kept of them.

import type { Conclude } from '../director/conclude.ts';
import type { Control } from '../director/control.ts';
import { type Drills, startDrills } from '../director/drills.ts';
import type { EventKeeper } from '../director/events.ts';
import type { Gossip } from '../director/gossip/gossip.ts';
import type { Loads } from '../director/loads.ts';
import { createProbe } from '../edge/probe.ts';
import type { Parts } from './parts.ts';

export interface DrillFlows {
  readonly gossip: Gossip;
  readonly conclude: Conclude;
  readonly loads: Loads;
  readonly events: EventKeeper;
}

/** One that is under way when the director stops is taken back first. */
export async function openDrills(
  parts: Parts,
  { gossip, conclude, loads, events }: DrillFlows,
  control: Control,
): Promise<Drills> {
  const kept = await parts.store?.load('drills');
  const { cell } = parts;
  const probe = createProbe(() => cell.view.snapshot.settings.health.probeNetworks);
  const world = { probe, random: Math.random };
  const flows = { ...world, gossip, health: conclude.health, loads, control, tell: events.tell };
  return parts.building.use(startDrills({ ...parts, ...flows }, kept));
}
