// The report of a drill: its course and what was measured, as plain data.

import type { DrillReport, ObjectiveReport, OtherReport, StepReport } from '../model/drill.ts';
import { formatName } from '../model/name.ts';
import type { RegionId } from '../model/region.ts';
import { formatInstant, formatSpan, type Millis } from '../model/time.ts';
import type { Measured } from './measure.ts';
import { type DrillState, isOver } from './next.ts';
import { type NumberState, reportNumbers } from './number.ts';
import type { Plan } from './plan.ts';
import type { Baseline, Sight } from './stops.ts';

/** A step that began, and what was measured in it. */
export interface StepRecord {
  readonly step: number;
  readonly share: number;
  readonly startedAt: Millis;
  readonly endedAt: Millis | undefined;
  readonly measured: Measured;
}

export interface DrillFacts {
  readonly id: string;
  readonly director: string;
  readonly state: DrillState;
  readonly steps: readonly StepRecord[];
  readonly others: readonly OtherReport[];
  readonly numbers: readonly NumberState[];
  readonly unnoted: number;
}

export function reportDrill(facts: DrillFacts): DrillReport {
  const { id, director, state, unnoted } = facts;
  const { plan, phase, step, startedAt, until, abort } = state;
  const objectives = objectivesOf(plan, facts.steps);
  const isDone = phase === 'done';
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
    steps: facts.steps.map(reportStep),
    others: facts.others,
    numbers: reportNumbers(facts.numbers),
    objectives,
    isMet: isOver(state) ? isDone && objectives.every(({ isMet }) => isMet) : null,
    abort: abort ?? null,
    unnoted,
  };
}

function reportStep({ step, share, startedAt, endedAt, measured }: StepRecord): StepReport {
  const { networks, asked, moved, due, firstMoved, askedAgain, curve } = measured;
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
    firstMovedSeconds: secondsOf(firstMoved),
    askedAgainSeconds: {
      50: secondsOf(askedAgain[50]),
      90: secondsOf(askedAgain[90]),
      99: secondsOf(askedAgain[99]),
    },
    curve,
  };
}

/** Each objective is to be met in every step of the plan: what was not seen is not met. */
function objectivesOf(
  { objectives: { firstMoved, drained }, steps }: Plan,
  records: readonly StepRecord[],
): ObjectiveReport[] {
  const wanted = [
    ['firstMoved', firstMoved, (measured: Measured) => measured.firstMoved],
    ['drained', drained, (measured: Measured) => measured.askedAgain[90]],
  ] as const;
  return wanted.flatMap(([objective, within, read]) => {
    if (within === undefined) return [];
    return steps.map((_, i): ObjectiveReport => {
      const measured = records[i]?.measured;
      const seconds = measured && read(measured);
      const isMet = seconds !== undefined && seconds * 1000 <= within;
      const withinSeconds = within / 1000;
      return { objective, step: i + 1, withinSeconds, seconds: secondsOf(seconds), isMet };
    });
  });
}

/** The regions that clients may be moved to, as they are before anybody is. */
export function firstOthers({ others }: Plan, { sight }: Baseline): OtherReport[] {
  return others.map((region) => {
    const seen = sight.get(region);
    const [verdict, load] = [seen?.verdict ?? 'unknown', loadOf(sight, region)];
    return { region, before: verdict, last: verdict, loadBefore: load, loadMost: load };
  });
}

/** The same with what is seen now. */
export function lookAtOthers(others: readonly OtherReport[], sight: Sight): OtherReport[] {
  return others.map((other) => {
    const id = other.region as RegionId;
    const load = loadOf(sight, id);
    const most = load === null ? other.loadMost : Math.max(load, other.loadMost ?? 0);
    return { ...other, last: sight.get(id)?.verdict ?? other.last, loadMost: most };
  });
}

function loadOf(sight: Sight, region: RegionId): number | null {
  const load = sight.get(region)?.load;
  return load === undefined ? null : rounded(load);
}

function secondsOf(seconds: number | undefined): number | null {
  return seconds === undefined ? null : Math.round(seconds * 100) / 100;
}

function rounded(share: number): number {
  return Math.round(share * 1000) / 1000;
}
