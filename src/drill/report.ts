// The report of a drill: its course and what was measured, as plain data.

import type {
  CoursePoint,
  DirectorReport,
  DrillReport,
  JudgementReport,
  ObjectiveReport,
  OtherReport,
  StepReport,
} from '../model/drill.ts';
import { hasMetAll, isOver } from '../model/drill.ts';
import { curveMoments, type DrillMeasure } from '../model/drill-measure.ts';
import { formatName } from '../model/name.ts';
import type { RegionId } from '../model/region.ts';
import { formatInstant, formatSpan } from '../model/time.ts';
import { addSteps, sumOf } from './fleet-sum.ts';
import type { DrillState } from './next.ts';
import { type NumberState, reportNumbers } from './number.ts';
import type { Plan } from './plan.ts';
import { predictedShare } from './predicted.ts';
import type { StepRecord } from './step-records.ts';
import type { Baseline, Sight } from './stops.ts';

export interface DrillFacts {
  readonly id: string;
  readonly director: string;
  readonly state: DrillState;
  readonly steps: readonly StepRecord[];
  /** By director; undefined for one that has told nothing. */
  readonly measures: ReadonlyMap<string, DrillMeasure | undefined>;
  /** True once they have told what they measured last, or had the time to. */
  readonly isHeardOut: boolean;
  readonly others: readonly OtherReport[];
  readonly numbers: readonly NumberState[];
  /** In seconds, of its services. */
  readonly ttl: DrillReport['ttl'];
  /** Safety rules that its words are held against. */
  readonly rules: readonly string[];
  readonly judgements: readonly JudgementReport[];
}

export function reportDrill(facts: DrillFacts): DrillReport {
  const { id, director, state, measures, ttl, rules, judgements } = facts;
  const { plan, phase, step, startedAt, until, abort } = state;
  const steps = facts.steps.map((record) => {
    const isUnprepared = record.step === 1 && plan.notice === 0;
    return reportStep(record, measures, isUnprepared ? ttl.stable : ttl.short);
  });
  const isDone = phase === 'done';
  const objectives = objectivesOf(plan, steps, isDone);
  return {
    id,
    director,
    region: plan.region,
    ...(plan.service !== undefined && { service: formatName(plan.service) }),
    actor: plan.actor,
    reason: plan.reason,
    phase,
    step,
    startedAt: formatInstant(startedAt),
    until: formatInstant(until),
    plan: plan.steps.map(({ share, hold }) => ({ share, hold: formatSpan(hold) })),
    steps,
    others: facts.others,
    numbers: reportNumbers(facts.numbers),
    objectives,
    isMet: hasPassed(state, facts.isHeardOut, objectives),
    abort: abort ?? null,
    unnoted: sumOf([...measures.values()], (measure) => measure?.unnoted ?? 0),
    ttl,
    rules,
    judgements,
    directors: Array.from(measures, ([each, measure]) => reportDirector(each, measure)),
  };
}

function hasPassed(
  { phase }: DrillState,
  isHeardOut: boolean,
  objectives: readonly ObjectiveReport[],
): boolean | null {
  if (!isOver({ phase }) || !isHeardOut) return null;
  return hasMetAll(phase, objectives);
}

function reportDirector(director: string, measure: DrillMeasure | undefined): DirectorReport {
  if (measure === undefined) return { director, measure: null };
  const { steps, returns, unnoted } = measure;
  return { director, measure: { steps, returns, unnoted } };
}

/** `ttl` is what answers had before the step, in seconds. */
function reportStep(
  { step, share, startedAt, endedAt }: StepRecord,
  measures: DrillFacts['measures'],
  ttl: number,
): StepReport {
  const seen = Array.from(measures.values()).flatMap(
    (measure) => measure?.steps.filter((each) => each.share === share) ?? [],
  );
  const total = addSteps(seen);
  const { networks, asked, moved, due, curve } = total;
  return {
    step,
    startedAt: formatInstant(startedAt),
    endedAt: endedAt === undefined ? null : formatInstant(endedAt),
    share,
    networks,
    asked,
    moved,
    predicted: asked === 0 ? null : rounded(due / asked),
    observed: asked === 0 ? null : rounded(moved / asked),
    firstMovedSeconds: secondsOf(total.firstMoved),
    askedAgainSeconds: {
      50: secondsOf(total.askedAgain[50]),
      90: secondsOf(total.askedAgain[90]),
      99: secondsOf(total.askedAgain[99]),
    },
    curve: curve.map((count, i) => [curveMoments[i] ?? 0, rounded(count / Math.max(1, networks))]),
    predictedCurve: curve.map((_, i) => {
      const moment = curveMoments[i] ?? 0;
      return [moment, rounded(predictedShare(moment, ttl))];
    }),
  };
}

/** Each objective is to be met in every step of the plan: what was not seen is not met. */
function objectivesOf(
  { objectives: { firstMoved, drained, noAbort }, steps }: Plan,
  reports: readonly StepReport[],
  isDone: boolean,
): ObjectiveReport[] {
  const wanted = [
    ['firstMoved', firstMoved, (report: StepReport) => report.firstMovedSeconds],
    ['drained', drained, (report: StepReport) => report.askedAgainSeconds[90]],
  ] as const;
  const timed = wanted.flatMap(([objective, within, read]) => {
    if (within === undefined) return [];
    return steps.map((_, i): ObjectiveReport => {
      const report = reports[i];
      const seconds = report === undefined ? null : read(report);
      const isMet = seconds !== null && seconds * 1000 <= within;
      return { objective, step: i + 1, withinSeconds: within / 1000, seconds, isMet };
    });
  });
  const whole = { step: null, withinSeconds: null, seconds: null, isMet: isDone };
  return noAbort ? [...timed, { objective: 'noAbort', ...whole }] : timed;
}

/** The regions that clients may be moved to, as they are before anybody is. */
export function firstOthers({ others }: Plan, { sight }: Baseline): OtherReport[] {
  return others.map((region) => {
    const seen = sight.get(region);
    const [verdict, load] = [seen?.verdict ?? 'unknown', loadOf(sight, region)];
    const course = [{ seconds: 0, load, verdict }];
    return { region, before: verdict, last: verdict, loadBefore: load, loadMost: load, course };
  });
}

/** The same with what is seen now, so many seconds after the drill began. */
export function lookAtOthers(
  others: readonly OtherReport[],
  sight: Sight,
  seconds: number,
): OtherReport[] {
  return others.map((other) => {
    const id = other.region as RegionId;
    const load = loadOf(sight, id);
    const most = load === null ? other.loadMost : Math.max(load, other.loadMost ?? 0);
    const last = sight.get(id)?.verdict ?? other.last;
    const course = goOn(other.course, { seconds: rounded(seconds), load, verdict: last });
    return { ...other, last, loadMost: most, course };
  });
}

/** Always spread over all of the time: once there are many, every other one is left out. */
function goOn(course: readonly CoursePoint[], point: CoursePoint): readonly CoursePoint[] {
  const [first = 0, second = 1] = course.map(({ seconds }) => seconds);
  const distance = Math.max(1, second - first);
  const last = course.at(-1);
  const hasTurned = last !== undefined && last.verdict !== point.verdict;
  if (last !== undefined && point.seconds - last.seconds < distance && !hasTurned) return course;
  if (course.length < mostPoints) return [...course, point];
  return [...course.filter((_, i) => i % 2 === 0), point];
}

const mostPoints = 120;

function loadOf(sight: Sight, region: RegionId): number | null {
  const load = sight.get(region)?.load;
  return load === undefined ? null : rounded(load);
}

function secondsOf(seconds: number | null): number | null {
  return seconds === null ? null : Math.round(seconds * 100) / 100;
}

function rounded(share: number): number {
  return Math.round(share * 1000) / 1000;
}
