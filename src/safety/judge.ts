// A change of answers, held against the rules: what each has against it, now and while it lasts.

import type { HealthView } from '../model/health.ts';
import type { LoadView } from '../model/load.ts';
import { isActive, type Override, overrideKey, takesOut } from '../model/override.ts';
import type { Judgement, Refusal, RuleSettings } from '../model/safety.ts';
import type { Settings } from '../model/settings.ts';
import { formatMoment, type Millis } from '../model/time.ts';
import type { Step } from './rule.ts';
import { ruleKinds } from './rules.ts';
import { type Scope, scopesOf, type World } from './scope.ts';

/** What is believed on one side of a change. */
export interface Side {
  readonly settings: Pick<Settings, 'services' | 'regions'>;
  /** The latest of each key, whether it is in force or not. */
  readonly words: readonly Override[];
}

/** What would be otherwise, and what is known of the world at that moment. */
export interface Change extends Step {
  readonly before: Side;
  readonly after: Side;
  readonly health: HealthView;
  readonly loads: LoadView;
}

/** Who serves the change is judged by each rule in turn; a rule tells what it finds first. */
export function judge(rules: readonly RuleSettings[], change: Change): Judgement {
  const refusals: Refusal[] = [];
  const pairs = rules.length === 0 ? [] : pairsOf(change);
  for (const settings of rules) {
    const kind = ruleKinds.find((each) => each.kind === settings.kind);
    const { time, state } = kind ?? {};
    const found = state && pairs.map((pair) => pair.tell(state, settings));
    const message = time?.(settings, change) ?? found?.find((words) => words !== undefined);
    if (message !== undefined) refusals.push({ rule: settings.kind, message });
  }
  return { checked: rules.map(({ kind }) => kind), refusals };
}

/** What rules on who serves say of this moment, by their words; empty where all hold. */
export function brokenNow(
  rules: readonly RuleSettings[],
  world: World,
): ReadonlyMap<string, string> {
  const broken = new Map<string, string>();
  const states = rules.flatMap((settings) => {
    const state = ruleKinds.find(({ kind }) => kind === settings.kind)?.state;
    return state === undefined ? [] : [{ settings, state }];
  });
  if (states.length === 0) return broken;
  const scopes = [...scopesOf(world, false).values()];
  for (const { settings, state } of states) {
    for (const scope of scopes) {
      const words = state(settings, wholeOf(scope), scope);
      if (words === undefined) continue;
      broken.set(settings.kind, words.replace(' would be ', ' is '));
      break;
    }
  }
  return broken;
}

/** As if all of it served all of its clients. */
function wholeOf({ name, parts }: Scope): Scope {
  const whole = Array.from(parts, ([id, part]) => [id, { ...part, share: 1, why: '' }] as const);
  return { name, parts: new Map(whole) };
}

interface Pair {
  tell(
    rule: (settings: RuleSettings, before: Scope, after: Scope) => string | undefined,
    settings: RuleSettings,
  ): string | undefined;
}

/**
 * The scopes before and after, as they are and as they would be were no region down, so that words
 * which do no harm today do none when their regions are back; now, and at each later moment at which
 * a word ends that held a region up or had put another one aside.
 */
function pairsOf(change: Change): Pair[] {
  const moments = [change.at, ...laterMoments(change)];
  return moments.flatMap((moment) =>
    [false, true].map((isAllUp) => {
      const before = scopesOf(worldAt(change, change.before, moment), isAllUp);
      const after = scopesOf(worldAt(change, change.after, moment), isAllUp);
      return { tell: (rule, settings) => tellFirst({ before, after }, rule, settings, words) };
      function words(text: string): string {
        const when = moment === change.at ? '' : `from ${formatMoment(moment)} on `;
        const how = isAllUp ? 'by the words of operators alone, were every region up, ' : '';
        return `${when}${how}${text}`;
      }
    }),
  );
}

/** Names that come or go are nobody's loss; the fleet as a whole is always compared. */
function tellFirst(
  sides: Record<'before' | 'after', ReadonlyMap<string, Scope>>,
  rule: Parameters<Pair['tell']>[0],
  settings: RuleSettings,
  words: (text: string) => string,
): string | undefined {
  for (const [name, after] of sides.after) {
    const before = sides.before.get(name);
    const text = before && rule(settings, before, after);
    if (text !== undefined) return words(text);
  }
  return undefined;
}

export function worldAt(
  { health, loads }: Change,
  { settings, words }: Side,
  moment: Millis,
): World {
  const active = words.filter((word) => isActive(word, moment));
  return {
    settings,
    health,
    loads,
    words: new Map(active.map((word) => [overrideKey(word), word])),
  };
}

/** More than anybody has words at a time that end and take something away by it. */
const mostMoments = 32;

function laterMoments({ at, before, after }: Change): Millis[] {
  const was = new Map(before.words.map((word) => [overrideKey(word), word]));
  const is = new Map(after.words.map((word) => [overrideKey(word), word]));
  const ends = [...before.words, ...after.words]
    .filter((word) => isActive(word, at))
    .filter((word) => !takesOut(word) || was.get(overrideKey(word)) !== is.get(overrideKey(word)))
    .map(({ end }) => end);
  return [...new Set(ends)].toSorted((x, y) => x - y).slice(0, mostMoments);
}
