// Safety at the doors of this director: what the rules say against a word or new files, over what is known here.

import { byDrill, drillDoor } from '../drill/drill-id.ts';
import type { Caller } from '../model/caller.ts';
import type { Fault } from '../model/fault.ts';
import {
  compareClocks,
  isPermanent,
  type Override,
  overrideKey,
  type OverrideKind,
} from '../model/override.ts';
import type { BreakGlass, Finding, Judgement, Refusal } from '../model/safety.ts';
import type { SafetyChange } from '../model/safety-change.ts';
import type { Settings } from '../model/settings.ts';
import type { Millis } from '../model/time.ts';
import type { Clock } from '../ports.ts';
import { findingsOf } from '../safety/findings.ts';
import { brokenNow, type Change, judge } from '../safety/judge.ts';
import type { Snapshot } from '../steering/snapshot.ts';
import type { Gossip } from './gossip/gossip.ts';
import { reportPart } from './report.ts';
import { isStill, watchChanges } from './last-change.ts';
import type { SnapshotCell } from './snapshot.ts';

/** Is given what each rule found, at once. */
export type Heed = (findings: readonly Finding[]) => void;

/** Who hears of a judgement; where it `isQuiet`, a refusal that was told before is told to nobody else. */
export interface Hearing {
  readonly heed?: Heed;
  readonly caller?: Caller | undefined;
  readonly isQuiet?: boolean;
}

export interface Safety {
  /** What the rules say of a word that would be the latest on what it speaks of; nothing is told. */
  look(word: Override): Judgement;
  /**
   * Why a word must not be taken; undefined where it may. What was against it is told either way. `heed`
   * is called with what each rule found.
   */
  judgeWord(word: Override, caller: Caller | undefined, heed?: Heed): Fault | undefined;
  /**
   * The same for a drill as a whole: `worst` takes the most that any of its words does, from now to its
   * end, and at its `turns` its words begin and would end.
   */
  judgeDrill(worst: Override, turns: readonly Millis[], hearing?: Hearing): Fault | undefined;
  /** The same for new files, which are held against the rules that are in force before them. */
  judgeReload(next: Settings, heed?: Heed): Fault | undefined;
}

export interface SafetyOptions {
  readonly cell: SnapshotCell;
  readonly gossip: Pick<Gossip, 'overrides'>;
  readonly clock: Clock;
  readonly tell: (change: SafetyChange) => void;
}

type Asked = Omit<Change, 'health' | 'loads' | 'at' | 'lastAt'>;

type Part = Pick<Change, 'isStep' | 'turns'>;

/** Words that come over boards are taken unasked: directors that disagreed on them would answer in two ways. */
export function createSafety(options: SafetyOptions): Safety {
  const { cell, gossip, clock } = options;
  const lastChange = watchChanges(options);
  const against = (change: Asked, heed?: Heed): Judgement => {
    const { settings, health, loads } = cell.view.snapshot;
    const rules = settings.safety?.rules ?? [];
    if (rules.length === 0) return { checked: [], refusals: [] };
    const whole = { ...change, health, loads, at: clock.now(), lastAt: lastChange() };
    const judgement = judge(rules, whole);
    heed?.(findingsOf(rules, whole, judgement));
    return judgement;
  };
  const look = (word: Override, part: Part = alone, heed?: Heed): Judgement =>
    against({ ...sidesOf(word, options), ...part }, heed);
  return {
    look: (word) => look(word),
    judgeWord(word, caller, heed) {
      const key = overrideKey(word);
      const known = gossip.overrides().find((each) => overrideKey(each) === key);
      // It would change nothing: what is known here already, or is older than that.
      if (known !== undefined && compareClocks(word.clock, known.clock) <= 0) return undefined;
      const isStep = caller?.door === drillDoor;
      // It moves back whom the drill has moved, which its beginning was allowed to, and ends by itself anyhow.
      if (isStep && word.isLifted) return undefined;
      const { refusals } = look(word, { isStep, turns: [] }, heed);
      return settle(refusals, word.breakGlass, aboutWord(word, caller), options);
    },
    judgeDrill(worst, turns, { heed, caller, isQuiet = false } = {}) {
      const { refusals } = look(worst, { isStep: false, turns }, heed);
      if (isQuiet && refusals.length > 0) return refusedBy(refusals);
      return settle(refusals, undefined, aboutWord(worst, caller ?? byDrill), options);
    },
    judgeReload(next, heed) {
      const { settings } = cell.view.snapshot;
      if (settings.safety === undefined || isStill(settings, next)) return undefined;
      const words = gossip.overrides();
      const sides = { before: { settings, words }, after: { settings: next, words } };
      const { refusals } = against({ ...sides, until: undefined, isEnd: false, ...alone }, heed);
      const { breakGlass } = next.safety ?? {};
      const isMeant = breakGlass?.configuration === settings.configuration;
      const about = { what: 'reload', by: null, door: null } as const;
      const fault = settle(refusals, isMeant ? breakGlass : undefined, about, options);
      if (fault === undefined) return undefined;
      const way = `to let it come into force all the same, name the rules in safety.breakGlass, with configuration: ${settings.configuration}`;
      return { ...fault, message: `${fault.message}; ${way}`, path: '/safety' };
    },
  };
}

/** Without a word and with it, which is then the latest on what it speaks of. */
function sidesOf(word: Override, { cell, gossip }: SafetyOptions) {
  const { settings } = cell.view.snapshot;
  const words = gossip.overrides();
  const key = overrideKey(word);
  return {
    before: { settings, words },
    after: { settings, words: [...words.filter((each) => overrideKey(each) !== key), word] },
    until: word.isLifted || isPermanent(word) ? undefined : word.end,
    isEnd: word.isLifted,
  };
}

/** What is no part of a drill. */
const alone: Part = { isStep: false, turns: [] };

function aboutWord(word: Override, caller: Caller | undefined): About {
  const { region, kind, actor, isLifted } = word;
  const what = isLifted ? 'end' : kind;
  const part = { region, ...reportPart(word) };
  return { ...part, what, by: actor, ...caller, door: caller?.door ?? null };
}

type About = Omit<SafetyChange, 'type' | 'state' | 'rules' | 'reason'> & {
  readonly what: OverrideKind | 'end' | 'reload';
};

function settle(
  refusals: readonly Refusal[],
  breakGlass: BreakGlass | undefined,
  about: About,
  { tell }: SafetyOptions,
): Fault | undefined {
  if (refusals.length === 0) return undefined;
  const left = refusals.filter(({ rule }) => !(breakGlass?.rules.includes(rule) ?? false));
  const state = left.length === 0 ? 'forced' : 'refused';
  const reason = breakGlass?.reason ?? null;
  tell({ type: 'safety', state, ...about, reason, rules: left.length === 0 ? refusals : left });
  return left.length === 0 ? undefined : refusedBy(left);
}

function refusedBy(rules: readonly Refusal[]): Fault {
  const message = rules.map(({ rule, message: words }) => `${rule}: ${words}`).join('; ');
  return { code: 'safety.refused', message, rules };
}

const known = new WeakMap<object, ReadonlyMap<string, string>>();

/** Rules on who serves that do not hold at the moment, whoever's doing that is, with what each says. */
export function brokenRules(
  snapshot: Pick<Snapshot, 'settings' | 'health' | 'loads' | 'overrides'>,
): ReadonlyMap<string, string> {
  const found = known.get(snapshot);
  if (found !== undefined) return found;
  const { settings, health, loads, overrides: words } = snapshot;
  const broken = brokenNow(settings.safety?.rules ?? [], { settings, health, loads, words });
  known.set(snapshot, broken);
  return broken;
}
