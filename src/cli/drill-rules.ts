// What safety rules say of a drill, by the files alone: as if every region were up and nobody had said anything.

import { courseOf } from '../drill/course.ts';
import type { Plan } from '../drill/plan.ts';
import { openRecovery } from '../health/recover.ts';
import type { RegionHealth } from '../model/health.ts';
import type { Override } from '../model/override.ts';
import type { Settings } from '../model/settings.ts';
import { type Millis, millis } from '../model/time.ts';
import { judge } from '../safety/judge.ts';

export interface RulesWord {
  readonly lines: readonly string[];
  readonly isAllowed: boolean;
}

/** Were it begun now. How long ago the last change was, only a running director knows. */
export function rulesAgainst(plan: Plan, settings: Settings, at: Millis): RulesWord {
  const rules = settings.safety?.rules ?? [];
  if (rules.length === 0) return { lines: [], isAllowed: true };
  const { share, span, turns } = courseOf(plan, at);
  const { region, service, actor, reason } = plan;
  const until = millis(at + span);
  const clock = { wall: at, counter: 0, node: 'plan' };
  const part = { ...(service && { service }), ...(share < 1 && { share }) };
  const word: Override = {
    id: 'planned',
    region,
    kind: 'drain',
    ...part,
    actor,
    reason,
    start: at,
    end: until,
    isLifted: false,
    clock,
  };
  const up = { verdict: 'up', isKept: false, isSuspect: false, since: at, votes: [] } as const;
  const whole: RegionHealth = { ...up, recovery: openRecovery };
  const { checked, refusals } = judge(rules, {
    before: { settings, words: [] },
    after: { settings, words: [word] },
    health: new Map(Array.from(settings.regions.keys(), (id) => [id, whole])),
    loads: new Map(),
    at,
    until,
    isEnd: false,
    isStep: false,
    turns,
    lastAt: undefined,
  });
  if (refusals.length === 0) {
    const words = `Safety rules, were every region up and it began now: nothing against it (${checked.join(', ')})`;
    return { lines: [words], isAllowed: true };
  }
  const lines = refusals.map(
    ({ rule, message }) => `Against it, were it begun now: ${rule}: ${message}`,
  );
  return { lines, isAllowed: false };
}
