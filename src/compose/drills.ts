// Drills of a director, with what its last life kept of them.

import type { Conclude } from '../director/conclude.ts';
import type { Control } from '../director/control.ts';
import { type Drills, startDrills } from '../director/drills.ts';
import type { FleetSight } from '../director/drills/runner.ts';
import { type Schedules, startSchedules } from '../director/drills/schedule.ts';
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
): Promise<{ readonly drills: Drills; readonly schedules: Schedules }> {
  const [kept, keptLog] = [await parts.store?.load('drills'), await parts.store?.load('drilled')];
  const { cell } = parts;
  const probe = createProbe(() => cell.view.snapshot.settings.health.probeNetworks);
  const sight = (): FleetSight => ({
    settings: cell.view.snapshot.settings,
    votes: gossip.votes(),
    isolated: conclude.isolated(),
    boards: gossip.boards(),
  });
  const world = { probe, random: Math.random };
  const flows = { ...world, gossip, health: conclude.health, loads, control, tell: events.tell };
  const drills = parts.building.use(startDrills({ ...parts, ...flows }, kept));
  const scheduling = { ...parts, sight, tell: events.tell, start: drills.start };
  return { drills, schedules: parts.building.use(startSchedules(scheduling, keptLog)) };
}
