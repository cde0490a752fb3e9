// A small fleet held against safety rules: what they say of one change to it.

import type { RegionHealth } from '../../src/model/health.ts';
import type { RegionLoad } from '../../src/model/load.ts';
import { type Override, overrideKey } from '../../src/model/override.ts';
import type { Region, RegionId } from '../../src/model/region.ts';
import type { Judgement, RuleSettings } from '../../src/model/safety.ts';
import type { Service } from '../../src/model/settings.ts';
import { millis } from '../../src/model/time.ts';
import { findingsOf } from '../../src/safety/findings.ts';
import { type Change, judge } from '../../src/safety/judge.ts';
import { aService, anOverride, aSettings, noon, upHealth } from './fleet.ts';

export interface Fleet {
  readonly regions: readonly Region[];
  /** One over all of the regions when left out. */
  readonly services?: readonly Service[];
  /** By region; the others are up. */
  readonly health?: Readonly<Record<string, RegionHealth>>;
  readonly loads?: Readonly<Record<string, RegionLoad>>;
  readonly words?: readonly Override[];
  readonly lastAt?: number;
  readonly isStep?: boolean;
  readonly turns?: readonly number[];
}

/** A word that begins at noon and lasts an hour. */
export function aWord(region: string, change: Partial<Override> = {}): Override {
  const end = millis(noon + 3_600_000);
  return anOverride(region, { start: noon, end, ...change });
}

type Wish = { readonly word: Override } | { readonly files: Fleet };

/** What the rules say of a word that is given at noon, or of the same fleet with other files. */
export function judged(rules: readonly RuleSettings[], fleet: Fleet, change: Wish): Judgement {
  return judge(rules, changeOf(fleet, change));
}

/** What each of the rules finds in the same, as `rule: figures`; refusals have a `!` before them. */
export function found(rules: readonly RuleSettings[], fleet: Fleet, change: Wish): string[] {
  const whole = changeOf(fleet, change);
  return findingsOf(rules, whole, judge(rules, whole)).map(
    ({ rule, isAllowed, figures }) => `${isAllowed ? '' : '!'}${rule}: ${figures}`,
  );
}

function changeOf(fleet: Fleet, change: Wish): Change {
  const { words = [], health = {}, loads = {}, lastAt, isStep = false, turns = [] } = fleet;
  const settingsOf = ({ regions, services = [aService({ regions })] }: Fleet) =>
    aSettings({ regions, services });
  const before = { settings: settingsOf(fleet), words };
  const after =
    'files' in change
      ? { settings: settingsOf(change.files), words }
      : { settings: before.settings, words: [...without(words, change.word), change.word] };
  const ids = fleet.regions.map(({ id }) => [id, health[id] ?? upHealth()] as const);
  const word = 'word' in change && !change.word.isLifted ? change.word : undefined;
  return {
    before,
    after,
    health: new Map(ids),
    loads: new Map(Object.entries(loads) as [RegionId, RegionLoad][]),
    at: noon,
    until: word?.end,
    isEnd: 'word' in change && change.word.isLifted,
    isStep,
    turns: turns.map(millis),
    lastAt: lastAt === undefined ? undefined : millis(lastAt),
  };
}

function without(words: readonly Override[], word: Override): Override[] {
  return words.filter((each) => overrideKey(each) !== overrideKey(word));
}

/** The one sentence against it; empty where there is none. */
export function against(...asked: Parameters<typeof judged>): string {
  return judged(...asked)
    .refusals.map(({ message }) => message)
    .join('; ');
}
