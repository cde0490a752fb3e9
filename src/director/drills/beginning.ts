// Beginning a drill: what stands against it, in this fleet and at this moment, and what it begins from.

import { courseOf } from '../../drill/course.ts';
import { judgedAt } from '../../drill/judged.ts';
import { drillId, drillOfActor } from '../../drill/drill-id.ts';
import { whyNotNumbers } from '../../drill/number.ts';
import { type Plan, readPlan } from '../../drill/plan.ts';
import { type Baseline, whyNot } from '../../drill/stops.ts';
import type { DrillRequest, JudgementReport } from '../../model/drill.ts';
import type { Fault } from '../../model/fault.ts';
import { formatName } from '../../model/name.ts';
import { isActive, type Override } from '../../model/override.ts';
import { describeOverride } from '../../steering/words.ts';
import type { Hearing } from '../safety.ts';
import { createNumbers, type Numbers } from './numbers.ts';
import type { DrillParts, Run, RunFacts } from './run.ts';
import { sightOf } from './sight.ts';

/** A plan that could be carried out, and the numbers that it reads. */
export interface Asked {
  readonly plan: Plan;
  readonly numbers: Numbers;
}

export function readAsked(request: DrillRequest, parts: DrillParts): Asked | Fault {
  const plan = readPlan(request, parts.cell.view.snapshot.settings);
  return 'code' in plan ? plan : { plan, numbers: createNumbers(plan.numbers, parts) };
}

/** What stands against beginning it now; `current` is the drill of this director. */
export function objectionTo(
  { plan, numbers }: Asked,
  current: Run | undefined,
  parts: DrillParts,
): Fault | undefined {
  if (current?.isOver === false) return busy(current.id);
  const words = wordsNow(parts);
  const other = words.flatMap(({ actor }) => drillOfActor(actor) ?? [])[0];
  if (other !== undefined) return busy(other);
  const own = words.find(({ region }) => region === plan.region);
  if (own !== undefined) return refuseDrill(describeOverride(own));
  const why = whyNot(plan, sightOf(parts)) ?? whyNotNumbers(numbers.states());
  return why === undefined ? undefined : refuseDrill(why);
}

/** What each safety rule finds in it as a whole, in the name of whoever wants it; a fault where one stands against it. */
export function judgeWhole(
  { plan }: Asked,
  { control, clock }: DrillParts,
  hearing: Hearing,
): readonly JudgementReport[] | Fault {
  const now = clock.now();
  const { share, span, turns } = courseOf(plan, now);
  const { region, actor, reason } = plan;
  const service = plan.service && { service: formatName(plan.service) };
  const said = { region, kind: 'drain', actor, reason, for: `${span}ms` } as const;
  let judgements: readonly JudgementReport[] = [];
  const fault = control.judgeDrill({ ...said, share, ...service }, turns, {
    ...hearing,
    heed: (findings) => {
      judgements = judgedAt(null, now, findings);
    },
  });
  return fault ?? judgements;
}

/** What it begins from. */
export function factsOf(
  asked: Asked,
  parts: DrillParts,
): Omit<RunFacts, 'onChange' | 'judgements' | 'caller'> {
  const { director } = parts.cell.view.snapshot.settings;
  const baseline: Baseline = {
    sight: sightOf(parts),
    words: new Set(wordsNow(parts).map(({ id }) => id)),
  };
  return { id: drillId(director.id, parts.clock.now()), baseline, ...asked };
}

export function refuseDrill(why: string): Fault {
  return { code: 'drill.refused', message: `no drill begins now: ${why}` };
}

function wordsNow({ gossip, clock }: DrillParts): Override[] {
  return gossip.overrides().filter((word) => isActive(word, clock.now()));
}

function busy(id: string): Fault {
  return { code: 'drill.busy', message: `the drill ${id} is under way, or its word has not ended` };
}
