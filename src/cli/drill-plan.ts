// A drill's plan, from a file or from options.

import { readFile } from 'node:fs/promises';
import type { PlanFile } from '../config/drill-shape.ts';
import { readPlanFile } from '../config/plan-files.ts';
import type { DrillLimits, DrillRequest, DrillStep } from '../model/drill.ts';
import { FaultError } from '../model/fault.ts';
import { type Io, type Options, textOption, UsageError } from './command.ts';
import { actorOf } from './drain.ts';
import { parseShare } from '../model/number.ts';
import { numberWishShape, parseNumberWish } from '../drill/number-wish.ts';

export const planOptions = {
  plan: { type: 'string' },
  region: { type: 'string' },
  service: { type: 'string' },
  steps: { type: 'string' },
  hold: { type: 'string' },
  'keep-ttl': { type: 'boolean' },
  'max-load': { type: 'string' },
  'abort-if': { type: 'string', multiple: true },
  'first-moved': { type: 'string' },
  drained: { type: 'string' },
  'no-abort': { type: 'boolean' },
  actor: { type: 'string' },
  reason: { type: 'string' },
} as const;

export const planUsage =
  '(--plan FILE | --region REGION [--service NAME] [--steps 25%,50%,100%] [--hold 5m] [--keep-ttl] [--max-load 90%] [--abort-if "metric M at URL above 5 for 30s"] [--first-moved 30s] [--drained 5m] [--no-abort]) [--reason TEXT] [--actor NAME]';

/**
 * As the director takes it, which says what else is wrong with it; options come before the file. Rejects
 * with a FaultError where it has not even the form of a plan.
 */
export async function planIn(options: Options, io: Io): Promise<DrillRequest> {
  const file = textOption(options, 'plan', '');
  const written: PlanFile = file === '' ? {} : await loadPlan(file);
  const steps = stepsIn(options);
  const limits = limitsIn(options, written.abortIf);
  const objectives = {
    ...written.objectives,
    ...textIn(options, 'firstMoved', 'first-moved'),
    ...textIn(options, 'drained'),
    ...(options['no-abort'] === true && { noAbort: true as const }),
  };
  const plan = {
    actor: actorOf(options, io),
    ...written,
    ...textIn(options, 'region'),
    ...textIn(options, 'service'),
    ...textIn(options, 'reason'),
    ...textIn(options, 'actor'),
    ...((steps !== undefined || file === '') && { steps: steps ?? stepsOf('25%,50%,100%', '5m') }),
    ...(options['keep-ttl'] === true && { lowerTtl: false }),
    ...(limits !== undefined && { abortIf: limits }),
    ...(Object.keys(objectives).length > 0 && { objectives }),
  };
  if (isPlan(plan)) return plan;
  const missing = (['region', 'reason', 'steps'] as const).filter((key) => plan[key] === undefined);
  throw new UsageError(`a plan has a region, a reason and steps: want ${missing.join(' and ')}`);
}

function isPlan(plan: Partial<DrillRequest>): plan is DrillRequest {
  return plan.region !== undefined && plan.reason !== undefined && plan.steps !== undefined;
}

/** Rejects with a FaultError that says the first thing that is wrong with it. */
async function loadPlan(path: string): Promise<PlanFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new FaultError({ code: 'config.read', message: `${path}: ${String(error)}` }, error);
  }
  const { plan, faults } = readPlanFile({ path, text });
  const [fault] = faults;
  if (fault !== undefined) throw new FaultError(fault);
  return plan ?? {};
}

/** Numbers are added to those of the file; a load comes before its own. */
function limitsIn(options: Options, written: DrillLimits | undefined): DrillLimits | undefined {
  const load = options['max-load'] === undefined ? undefined : shareIn(options, 'max-load');
  const sentences = options['abort-if'];
  const numbers = (Array.isArray(sentences) ? sentences : []).map((sentence: string) => {
    const number = parseNumberWish(sentence);
    if (number !== undefined) return number;
    throw new UsageError(`--abort-if takes ${numberWishShape}, not "${sentence}"`);
  });
  if (load === undefined && numbers.length === 0) return written;
  return {
    ...written,
    ...(load !== undefined && { load }),
    ...(numbers.length > 0 && { numbers: [...(written?.numbers ?? []), ...numbers] }),
  };
}

function stepsIn(options: Options): DrillStep[] | undefined {
  if (options['steps'] === undefined && options['hold'] === undefined) return undefined;
  return stepsOf(textOption(options, 'steps', '25%,50%,100%'), textOption(options, 'hold', '5m'));
}

function stepsOf(shares: string, hold: string): DrillStep[] {
  return shares.split(',').map((text) => {
    const share = parseShare(text);
    if (share !== undefined) return { share, hold };
    throw new UsageError(`--steps takes shares such as 25%,50%,100%, not "${shares}"`);
  });
}

function shareIn(options: Options, name: string): number {
  const text = textOption(options, name, '');
  const share = parseShare(text);
  if (share !== undefined) return share;
  throw new UsageError(`--${name} takes a share such as 90%, not "${text}"`);
}

function textIn(options: Options, key: string, name = key): Readonly<Record<string, string>> {
  const text = textOption(options, name, '');
  return text === '' ? {} : { [key]: text };
}
