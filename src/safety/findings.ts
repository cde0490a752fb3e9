// What each rule found in a change, in figures: for reports of what was checked, also where nothing stood against it.

import type { Finding, Judgement, RuleSettings } from '../model/safety.ts';
import { type Change, worldAt } from './judge.ts';
import type { Figures, RuleKind } from './rule.ts';
import { ruleKinds } from './rules.ts';
import { fleetName, type Scope, scopesOf } from './scope.ts';

/** One for each rule, in their order; `judgement` is what `judge` said of the same change. */
export function findingsOf(
  rules: readonly RuleSettings[],
  change: Change,
  { refusals }: Judgement,
): Finding[] {
  const pairs = rules.length === 0 ? [] : concernedBy(change);
  return rules.map((settings) => {
    const { kind: rule } = settings;
    const refusal = refusals.find((each) => each.rule === rule);
    if (refusal !== undefined) return { rule, isAllowed: false, figures: refusal.message };
    const kind = ruleKinds.find((each) => each.kind === rule);
    return { rule, isAllowed: true, figures: kind ? figuresOf(kind, settings, pairs, change) : '' };
  });
}

type Pair = readonly [before: Scope, after: Scope];

/** Of the scope that comes nearest to the limit. */
function figuresOf(
  { figures }: RuleKind,
  settings: RuleSettings,
  pairs: readonly Pair[],
  change: Change,
): string {
  let nearest: Figures | undefined;
  for (const [before, after] of pairs) {
    const found = figures(settings, before, after, change);
    if (nearest === undefined || found.room < nearest.room) nearest = found;
  }
  return nearest?.words ?? '';
}

/** The fleet first, and the services in which somebody is to serve less or more than before. */
function concernedBy(change: Change): Pair[] {
  const [befores, afters] = [change.before, change.after].map((side) =>
    scopesOf(worldAt(change, side, change.at), false),
  ) as [ReadonlyMap<string, Scope>, ReadonlyMap<string, Scope>];
  const pairs = Array.from(afters).flatMap(([name, after]): Pair[] => {
    const before = befores.get(name);
    return before !== undefined && (name === fleetName || isMoved(before, after))
      ? [[before, after]]
      : [];
  });
  return pairs.toSorted(([one], [other]) => rankOf(one) - rankOf(other));
}

function rankOf({ name }: Scope): number {
  return name === fleetName ? 0 : 1;
}

function isMoved(before: Scope, after: Scope): boolean {
  return Array.from(after.parts).some(([id, { share }]) => before.parts.get(id)?.share !== share);
}
