// Decisions without a running director: the same functions over files, every region taken to be up.

import { groundOptions } from '../compose.ts';
import type { Environment } from '../config/secret.ts';
import { resolve } from '../director/resolve.ts';
import { layGround } from '../director/ground.ts';
import { createSnapshotCell } from '../director/snapshot.ts';
import { createClock } from '../edge/clock.ts';
import { loadSettings } from '../load.ts';
import { FaultError } from '../model/fault.ts';
import { assumedUp } from '../health/recover.ts';
import { ipv6 } from '../model/ip.ts';
import type { ResolveReport } from '../model/report.ts';
import type { Log } from '../ports.ts';

export interface OfflineQuestion {
  readonly name: string;
  readonly type: string;
  readonly client?: string;
  readonly resolver?: string;
}

const silent: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };

function nothing(): void {
  // Nobody reads a log of one answer.
}

/** Throws a FaultError when the files are faulty or the question is. */
export async function explainOffline(
  config: string,
  env: Environment,
  { name, type, client, resolver }: OfflineQuestion,
): Promise<ResolveReport> {
  const loaded = await loadSettings(config, env);
  if (!loaded.ok) {
    const [first] = loaded.faults;
    throw new FaultError(first ?? { code: 'config.read', message: `${config} cannot be used` });
  }
  const clock = createClock();
  const ground = await layGround(loaded.value, undefined, groundOptions(config, clock, silent));
  const health = new Map([...loaded.value.regions.keys()].map((id) => [id, assumedUp]));
  const cell = createSnapshotCell({ ground, health, overrides: new Map(), epoch: 0 }, clock);
  const peer = ipv6(0, 0, 0, 1);
  const report = resolve(cell.view, { name, type, client, resolver, explain: true, peer }, clock);
  if ('code' in report) throw new FaultError(report);
  return report;
}
