// A director with safety rules, one beside it that has none, and what they answer to whoever asks.

import assert from 'node:assert/strict';
import type { DirectorEvent } from '../../src/model/event.ts';
import type { Fault } from '../../src/model/fault.ts';
import type { OverrideRequest } from '../../src/model/override-request.ts';
import { createLocalBoard } from '../../src/edge/local-board.ts';
import type { OverrideReport } from '../../src/model/report.ts';
import type { RuleSettings, SafetySettings } from '../../src/model/safety.ts';
import type { Settings } from '../../src/model/settings.ts';
import { millis } from '../../src/model/time.ts';
import { type DirectorStage, startDirectorStage } from './director-stage.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { anIp, aRegion, aService, aSettings, atOnce, noon } from './fleet.ts';
import { probesWith } from './region-line.ts';

const probes = probesWith('probe: { tcp: "h:1" }');
const twoAddresses = ['198.51.100.1', '198.51.100.2'].map(anIp);

/** The second has two addresses. */
export const regions = [
  aRegion('eu', { probes }),
  aRegion('us', { probes, ipv4: twoAddresses }),
  aRegion('ap', { probes }),
];
export const services = [aService({ regions }), aService({ regions, name: 'api' })];

const health = {
  observers: ['eu'],
  voteLifetime: millis(17_000),
  settle: millis(1000),
  return: atOnce,
  probesInFlight: 64,
  probeNetworks: undefined,
};

export interface GuardedStage {
  readonly clock: FakeClock;
  readonly one: DirectorStage;
  /** Without rules, and out of reach of boards unless they are shared. */
  readonly lax: DirectorStage;
  readonly told: DirectorEvent[];
}

export function settingsWith(safety: SafetySettings | undefined, id = 'eu'): Settings {
  return aSettings({ regions, services, safety, health, director: { id, region: 'eu' } });
}

export async function guardedStage(
  rules: readonly RuleSettings[],
  { isShared = false } = {},
): Promise<GuardedStage> {
  const clock = createFakeClock(noon);
  const shared = createLocalBoard(clock);
  const start = (settings: Settings): DirectorStage =>
    startDirectorStage({ settings, clock, boards: [isShared ? shared : createLocalBoard(clock)] });
  const one = start(settingsWith({ rules }));
  const lax = start(settingsWith(undefined, 'us'));
  const told: DirectorEvent[] = [];
  one.api.events.subscribe((event) => void told.push(event));
  for (const stage of [one, lax]) stage.say('eu up, us up, ap up');
  await clock.advance(100);
  return { clock, one, lax, told };
}

export const request: OverrideRequest = {
  region: 'eu',
  kind: 'drain',
  actor: 'alice',
  reason: 'disk swap',
  for: '1h',
};

export async function give(
  { clock }: GuardedStage,
  { api }: DirectorStage,
  change: Partial<OverrideRequest>,
): Promise<OverrideReport | Fault> {
  const { for: span, ...rest } = { ...request, ...change };
  const giving = api.addOverride(
    { ...rest, ...(change.permanent ? {} : { for: span ?? '1h' }) },
    { door: 'token ops' },
  );
  await clock.advance(100);
  return giving;
}

export function isRefused(answer: object | undefined, rule: string): Fault {
  assert.ok(answer !== undefined && 'code' in answer, JSON.stringify(answer));
  const fault = answer as Fault;
  assert.equal(fault.code, 'safety.refused', fault.message);
  assert.deepEqual(
    fault.rules?.map((each) => each.rule),
    [rule],
  );
  return fault;
}

export function made(answer: OverrideReport | Fault): OverrideReport {
  assert.ok(!('code' in answer), JSON.stringify(answer));
  return answer;
}

export const active = ({ cell }: DirectorStage): string[] => [
  ...cell.view.snapshot.overrides.keys(),
];
