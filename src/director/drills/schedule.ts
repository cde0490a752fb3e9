// Schedules: begins the drills that are due, at one director of the fleet, and reminds of those that are not done.

import { courseOf } from '../../drill/course.ts';
import { readPlan } from '../../drill/plan.ts';
import { dueNow, type Due } from '../../drill/schedule.ts';
import type { DrillAbort, DrillReport, DrillRequest } from '../../model/drill.ts';
import type { DrillAge, DrillSchedule, ScheduleChange } from '../../model/drill-schedule.ts';
import type { Change } from '../../model/event.ts';
import type { Fault } from '../../model/fault.ts';
import { formatSpan, type Millis, millis } from '../../model/time.ts';
import type { Clock, Log } from '../../ports.ts';
import type { SnapshotCell } from '../snapshot.ts';
import { type DrillLogbook, keepDrillLogbook, type LogbookParts } from './logbook.ts';
import { type FleetSight, isRunner, whyUnwell } from './runner.ts';

export interface ScheduleParts {
  readonly cell: SnapshotCell;
  readonly clock: Clock;
  readonly log: Log;
  readonly tell: (change: Change) => void;
  readonly logbook: DrillLogbook;
  readonly sight: () => FleetSight;
  readonly start: (request: DrillRequest, isQuiet: boolean) => Promise<DrillReport | Fault>;
}

const lookEvery = millis(5000);

/** What was refused is tried again after so long, while its window is open; whether the fleet is well is looked at each time. */
const tryEvery = 60_000;

const never = millis(0);

const day = 86_400_000;

/** A window that is open, in which a drill is due and has not begun. */
interface Waiting {
  readonly due: Due;
  /** `never` where nobody was asked yet. */
  readonly triedAt: Millis;
  readonly reason: string;
  /** Codes of the refusals that were told of this window; the figures within may change at each look. */
  readonly told: ReadonlySet<string>;
  /** By a safety rule, which has been told. */
  readonly isRefused: boolean;
}

export interface Schedules extends AsyncDisposable {
  /** When each region was drilled, as far as is known here. */
  ages(): readonly DrillAge[];
}

/** `kept` is what the store has as `drilled`. */
export function startSchedules(
  options: Omit<ScheduleParts, 'logbook'> & LogbookParts,
  kept: string | undefined,
): Schedules {
  const stop = new AbortController();
  const logbook = keepDrillLogbook(options, kept);
  const following = follow({ ...options, logbook }, stop.signal);
  return {
    ages: logbook.ages,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await following;
      await logbook.flush();
    },
  };
}

/** Goes on until the signal aborts; never rejects. */
async function follow(parts: ScheduleParts, stop: AbortSignal): Promise<void> {
  const { cell, clock, log } = parts;
  const waiting = new Map<string, Waiting>();
  while (!stop.aborted) {
    await clock.sleep(lookEvery, stop);
    if (stop.aborted) return;
    try {
      remind(parts);
      for (const schedule of cell.view.snapshot.settings.drills?.schedules ?? []) {
        await look(schedule, waiting, parts);
      }
    } catch (error) {
      log.error('drill.failed', { reason: String(error) });
    }
  }
}

async function look(
  schedule: DrillSchedule,
  waiting: Map<string, Waiting>,
  parts: ScheduleParts,
): Promise<void> {
  const { clock, logbook, sight } = parts;
  const now = clock.now();
  const { name } = schedule;
  const last = waiting.get(name);
  const due = dueNow(schedule, logbook.book(), now);
  if (last !== undefined && (due === undefined || due.closesAt !== last.due.closesAt)) {
    waiting.delete(name);
    // Where a drill has begun meanwhile, whoever began it, none was let pass.
    if (now >= last.due.closesAt) tell(schedule, last.due, 'skipped', last.reason, parts);
  }
  if (due === undefined || !isRunner(sight(), now)) return;
  if (last !== undefined && waiting.has(name) && now - last.triedAt < tryEvery) return;
  const wasRefused = waiting.get(name)?.isRefused ?? false;
  const against = await attempt(schedule, due, parts, wasRefused);
  if (against === undefined) return void waiting.delete(name);
  const { code } = against;
  const told = waiting.get(name)?.told;
  if (told === undefined || (code !== undefined && !told.has(code))) {
    tell(schedule, due, 'waiting', against.message, parts);
  }
  const isRefused = against.code === 'safety.refused';
  const triedAt = against.code === undefined ? never : now;
  const all = new Set([...(told ?? []), ...(code === undefined ? [] : [code])]);
  waiting.set(name, { due, triedAt, reason: against.message, told: all, isRefused });
}

/** Why it did not begin. */
async function attempt(
  { name, request }: DrillSchedule,
  { region, closesAt }: Due,
  { cell, clock, sight, start, ...parts }: ScheduleParts,
  isQuiet: boolean,
): Promise<{ readonly message: string; readonly code?: string } | undefined> {
  const now = clock.now();
  const unwell = whyUnwell(sight(), now);
  if (unwell !== undefined) return { message: unwell };
  const asked = { ...request, region, actor: `schedule ${name}` };
  const plan = readPlan(asked, cell.view.snapshot.settings);
  if ('code' in plan) return plan;
  const { span } = courseOf(plan, now);
  if (now + span > closesAt)
    return { message: `it takes ${formatSpan(span)}, and its window closes before that` };
  const begun = await start(asked, isQuiet);
  if ('code' in begun) return withCode(begun);
  if (begun.abort !== null) return withCode(begun.abort);
  const all = { ...parts, cell, clock, sight, start };
  tell({ name }, { region }, 'begun', begun.id, all);
  return undefined;
}

function withCode({ code, message }: Pick<Fault | DrillAbort, 'code' | 'message'>) {
  return { code, message: `${message} (${code})` };
}

function tell(
  { name }: Pick<DrillSchedule, 'name'>,
  { region }: Pick<Due, 'region'>,
  state: ScheduleChange['state'],
  reason: string,
  { tell: say, log }: ScheduleParts,
): void {
  const what = { schedule: name, region, reason };
  if (state === 'begun') log.info('drill.scheduled', what);
  else log.warn(`drill.${state}`, what);
  say({ type: 'schedule', ...what, state });
}

/** Once a day, also over restarts: of what this director knows, since nobody else may be there to say it. */
function remind({ cell, clock, logbook, log, tell: say }: ScheduleParts): void {
  const after = cell.view.snapshot.settings.drills?.remindAfter;
  if (after === undefined) return;
  const now = clock.now();
  if (now - (logbook.remindedAt() ?? Number.NEGATIVE_INFINITY) < day) return;
  const overdue = logbook.ages().filter(({ isOverdue }) => isOverdue);
  if (overdue.length === 0) return;
  logbook.setReminded(now);
  const regions = overdue.map(({ region }) => region);
  log.warn('drill.overdue', { regions: regions.join(', '), after: formatSpan(after) });
  say({ type: 'reminder', regions, afterSeconds: after / 1000 });
}
