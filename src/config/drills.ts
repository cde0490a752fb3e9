// The block `drills`: schedules, each with a plan that must be fit for every region of it, and reminders.

import type { Static } from 'typebox';
import { readPlan } from '../drill/plan.ts';
import type { DrillSchedule } from '../model/drill-schedule.ts';
import type { RegionId } from '../model/region.ts';
import type { Settings } from '../model/settings.ts';
import { readWindows, type Window } from '../model/window.ts';
import { Type } from '../schema.ts';
import { block, list, regionId, span, text } from '../shape.ts';
import type { ConfigDocument, ConfigPath } from './document.ts';
import { courseFields, type PlanFile, stepList } from './drill-shape.ts';
import type { PlanBook } from './plan-files.ts';
import type { ValueReader } from './values.ts';

export const scheduleShape = block({
  name: text('letters, digits and hyphens, at most 64', '^[A-Za-z0-9][A-Za-z0-9-]{0,63}$'),
  region: Type.Optional(regionId),
  rotate: Type.Optional(list(regionId, 'a list of at least two regions', 2)),
  when: list(text('a window such as "tue 02:00-04:00"'), 'a list of at least one window', 1),
  every: Type.Optional(span),
  plan: Type.Optional(text('a file as `meridian drill plan --plan` takes it')),
  ...courseFields,
  steps: Type.Optional(stepList),
  reason: Type.Optional(text('why')),
});

type ScheduleFile = Static<typeof scheduleShape>;

export const drillsShape = block({
  remindAfter: Type.Optional(span),
  /** Each of the shape `scheduleShape`. */
  schedules: Type.Optional(list(Type.Unknown(), 'a list of schedules')),
});

type Facts = Pick<Settings, 'regions' | 'services'> & { readonly plans: PlanBook };

const mostSchedules = 100;
const day = 86_400_000;

export function readDrills(
  value: unknown,
  settings: Facts,
  reader: ValueReader,
): Pick<Settings, 'drills'> {
  if (value === undefined) return {};
  const { part } = reader.part(drillsShape, value, ['drills']);
  const { remindAfter, schedules: files = [] } = part;
  const after = reader.span(remindAfter, ['drills', 'remindAfter'], 0, day, 1000 * day);
  if (files.length > mostSchedules) {
    reader.refuse(['drills', 'schedules'], `want at most ${mostSchedules} schedules`);
    return {};
  }
  const names = new Set<string>();
  const schedules = files.flatMap((file, i) => {
    const at = ['drills', 'schedules', i];
    const written = reader.shape(scheduleShape, file, at);
    if (written === undefined) return [];
    if (names.has(written.name)) reader.refuse([...at, 'name'], `${written.name} is listed twice`);
    names.add(written.name);
    return readSchedule(written, at, settings, reader);
  });
  return { drills: { remindAfter: remindAfter === undefined ? undefined : after, schedules } };
}

const noPlan = { document: undefined, plan: {} as PlanFile };

function readSchedule(
  { name, region: own, rotate, when, every, plan, ...written }: ScheduleFile,
  at: ConfigPath,
  settings: Facts,
  reader: ValueReader,
): DrillSchedule[] {
  const read = plan === undefined ? noPlan : (settings.plans.get(plan) ?? { reason: '' });
  if ('reason' in read) {
    reader.refuse([...at, 'plan'], `cannot read ${plan}: ${read.reason}`);
    return [];
  }
  // What is wrong with the form of a file was told where it was read.
  if (read.plan === undefined) return [];
  const { region: planned, actor: _, ...filed } = read.plan;
  const region = own ?? (rotate === undefined ? planned : undefined);
  const { steps, reason, ...rest } = { ...filed, ...written };
  if (steps === undefined || reason === undefined) {
    const where = plan === undefined ? '' : `, here or in ${plan}`;
    reader.refuse(at, `want steps and a reason${where}`);
    return [];
  }
  const request = { ...rest, steps, reason };
  const named = rotate ?? (region === undefined ? [] : [region]);
  const regions = named.map((id) => id as RegionId);
  if ((region === undefined) === (rotate === undefined)) {
    reader.refuse(at, 'want exactly one of region and rotate');
  }
  reader.refuseRepeats(regions, [...at, 'rotate']);
  const refuse = refuserOf({ at, written, filed: read.document }, reader);
  if (request.lowerTtl === false) {
    const words =
      'must not be false: while the TTL is lowered, two that began at once hear of each other';
    refuse(['lowerTtl'], words);
  }
  const windows = when.flatMap((words, i) => readWindow(words, [...at, 'when', i], reader));
  // That the TTL is not lowered is told once, above.
  const lowered = { ...request, lowerTtl: true };
  for (const each of regions) refusePlan(each, lowered, windows, settings, refuse);
  const least = reader.span(every, [...at, 'every'], 0, 60_000, 1000 * day);
  return [{ name, regions, windows, every: least, request }];
}

/** Tells what is wrong with a setting of a plan where it is written: beside the schedule, or else in its file. */
type Refuse = (keys: ConfigPath, message: string) => void;

function refuserOf(
  {
    at,
    written,
    filed,
  }: {
    readonly at: ConfigPath;
    readonly written: object;
    readonly filed: ConfigDocument | undefined;
  },
  reader: ValueReader,
): Refuse {
  return (keys, message) => {
    const [first] = keys;
    const isFiled = filed !== undefined && first !== 'when' && !Object.hasOwn(written, first ?? '');
    if (isFiled) reader.faults.push(filed.fault('config.value', keys, message));
    else reader.refuse([...at, ...keys], message);
  };
}

function readWindow(words: string, at: ConfigPath, reader: ValueReader): readonly Window[] {
  const read = readWindows(words);
  if (read !== undefined) return read;
  reader.refuse(at, `got "${words}", want days and times such as "tue 02:00-04:00", all in UTC`);
  return [];
}

/** By the code that takes plans over HTTP. */
function refusePlan(
  region: RegionId,
  request: DrillSchedule['request'],
  windows: readonly Window[],
  settings: Facts,
  refuse: Refuse,
): void {
  const plan = readPlan({ ...request, region, actor: 'schedule' }, settings);
  if ('code' in plan) {
    const path = (plan.path ?? '').split('/').slice(1);
    const keys = path[0] === 'region' ? [] : path;
    const places = keys.map((key) => (/^\d+$/.test(key) ? Number(key) : key));
    refuse(places, plan.message);
    return;
  }
  const holds = plan.steps.reduce((sum, { hold }) => sum + hold, 0);
  const shortest = Math.min(...windows.map(({ from, to }) => to - from));
  if (plan.notice + holds < shortest) return;
  refuse(['when'], `is shorter than the drill of ${region}, which must be over by then`);
}
