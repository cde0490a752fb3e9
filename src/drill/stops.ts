// Why a drill must end: health wins, operators win, and nobody goes on who cannot see.

import type { DrillAbort } from '../model/drill.ts';
import type { Verdict } from '../model/health.ts';
import type { RegionId } from '../model/region.ts';
import type { Plan } from './plan.ts';

/** What is known of a region. */
export interface RegionSight {
  readonly verdict: Verdict;
  /** True when too few fresh votes exist and the last verdict is kept. */
  readonly isKept: boolean;
  /** False where nobody probes it, so that it never has a verdict. */
  readonly isProbed: boolean;
  /** Share of its capacity; undefined where it is not known. */
  readonly load: number | undefined;
}

export type Sight = ReadonlyMap<RegionId, RegionSight>;

/** What held when the drill began. */
export interface Baseline {
  readonly sight: Sight;
  /** Ids of operators' words that were in force. */
  readonly words: ReadonlySet<string>;
}

export interface Seen {
  /** Of every region of the configuration. */
  readonly sight: Sight;
  /** Words in force that this drill has not given, by id; each says what it is about. */
  readonly words: ReadonlyMap<string, string>;
  /** False once somebody else has ended or replaced this drill's last word. */
  readonly isHeard: boolean;
  /** Why a number that is read ends it; undefined where none does. */
  readonly number: DrillAbort | undefined;
  /** The id of another drill that was begun earlier and still goes on. */
  readonly earlier: string | undefined;
}

/** Undefined where nothing stands against the next moment of it. */
export function whyStop(
  { plan, baseline }: { readonly plan: Plan; readonly baseline: Baseline },
  seen: Seen,
): DrillAbort | undefined {
  return (
    whyOfSight(plan, baseline, seen.sight) ??
    whyOfWords(baseline, seen) ??
    whyOfLoad(plan, seen.sight) ??
    seen.number
  );
}

/** Why a drill must not even begin; undefined where it may. */
export function whyNot(plan: Plan, sight: Sight): string | undefined {
  for (const region of [plan.region, ...plan.others]) {
    const seen = sight.get(region);
    if (seen === undefined || !seen.isProbed) continue;
    if (seen.isKept) return `too few votes on ${region} are fresh`;
    if (seen.verdict !== 'up') return `${region} is ${seen.verdict}`;
  }
  return whyOfLoad(plan, sight)?.message;
}

function whyOfSight(plan: Plan, baseline: Baseline, sight: Sight): DrillAbort | undefined {
  for (const [region, before] of baseline.sight) {
    const now = sight.get(region);
    if (now === undefined) {
      const isConcerned = region === plan.region || plan.others.includes(region);
      if (!isConcerned) continue;
      return { code: 'configuration', message: `${region} is no longer configured` };
    }
    if (now.verdict !== before.verdict) {
      const message = `${region} went from ${before.verdict} to ${now.verdict}`;
      return { code: 'verdict', message };
    }
    if (now.isKept && !before.isKept) {
      return { code: 'blind', message: `too few votes on ${region} are fresh` };
    }
  }
  return undefined;
}

function whyOfWords({ words: known }: Baseline, seen: Seen): DrillAbort | undefined {
  if (seen.earlier !== undefined) {
    return { code: 'other-drill', message: `the drill ${seen.earlier} began earlier` };
  }
  if (!seen.isHeard) {
    return { code: 'override', message: 'somebody ended or replaced the word of this drill' };
  }
  for (const [id, words] of seen.words) {
    if (!known.has(id)) return { code: 'override', message: `another override began: ${words}` };
  }
  return undefined;
}

function whyOfLoad({ mostLoad, others }: Plan, sight: Sight): DrillAbort | undefined {
  if (mostLoad === undefined) return undefined;
  for (const region of others) {
    const load = sight.get(region)?.load;
    if (load === undefined) {
      return { code: 'blind', message: `the load of ${region} is not known` };
    }
    if (load > mostLoad) {
      const [got, most] = [load, mostLoad].map((each) => `${Math.round(each * 100)} %`);
      return { code: 'load', message: `${region} is at ${got} of its capacity, above ${most}` };
    }
  }
  return undefined;
}
