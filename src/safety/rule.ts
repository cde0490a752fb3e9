// What a safety rule is: its kind says how configuration writes it, and what it has against a change.

import type { Static, TSchema } from 'typebox';
import type { RegionId } from '../model/region.ts';
import type { RuleSettings } from '../model/safety.ts';
import type { Millis } from '../model/time.ts';
import type { Scope } from './scope.ts';

/** Everything there is to know of one kind of rule; each stands in its own file of `rules/`. */
export interface RuleKind {
  /** The word that configuration writes. */
  readonly kind: string;
  readonly shape: TSchema;
  read(written: unknown, reader: RuleReader): RuleSettings;
  /** Of rules on who serves: see `StateRule`. */
  readonly state: StateRule<RuleSettings> | undefined;
  /** Of rules on when anything may be changed at all: see `TimeRule`. */
  readonly time: TimeRule<RuleSettings> | undefined;
  readonly figures: FiguresRule<RuleSettings>;
}

/** How things stand after a change, in words without a final full stop. */
export interface Figures {
  readonly words: string;
  /** How far from the rule's limit that is: of several scopes the one with the least is told. */
  readonly room: number;
}

/** The figures that a rule goes by where it has nothing against a change; rules on time look at the step alone. */
export type FiguresRule<Settings> = (
  settings: Settings,
  before: Scope,
  after: Scope,
  step: Step,
) => Figures;

/**
 * What is wrong after a change, and was not before it or has become worse by it; undefined where
 * nothing is. Whoever brings a region back is never in the way of such a rule.
 */
export type StateRule<Settings> = (
  settings: Settings,
  before: Scope,
  after: Scope,
) => string | undefined;

/** Why nothing may be changed at this moment; undefined where it may. */
export type TimeRule<Settings> = (settings: Settings, step: Step) => string | undefined;

/** A change as a step in time. */
export interface Step {
  readonly at: Millis;
  /** When the change ends of itself, which moves answers again; undefined where it does not. */
  readonly until: Millis | undefined;
  /** True for the end of a word, by which somebody takes it back. */
  readonly isEnd: boolean;
  /** True for a word of a drill, which was allowed as a whole before it began. */
  readonly isStep: boolean;
  /** Of a drill as a whole: when its steps begin, and when their words would end, each of which moves answers. */
  readonly turns: readonly Millis[];
  /** When people last changed anything that this director knows of. */
  readonly lastAt: Millis | undefined;
}

/** Reads what a rule's shape leaves open; what is wrong becomes a fault. Paths begin at the rule. */
export interface RuleReader {
  readonly regions: ReadonlySet<RegionId>;
  refuse(at: readonly (string | number)[], message: string): void;
  span(text: string, at: readonly (string | number)[], min: number, max: number): Millis;
}

interface RuleKindFacts<Shape extends TSchema, Settings extends object> {
  readonly kind: string;
  readonly shape: Shape;
  readonly read: (written: Static<Shape>, reader: RuleReader) => Settings;
  readonly state?: StateRule<Settings>;
  readonly time?: TimeRule<Settings>;
  readonly figures: FiguresRule<Settings>;
}

/** A rule is given what its `read` gave: the one place where that is taken for granted. */
export function ruleKind<Shape extends TSchema, Settings extends object>(
  facts: RuleKindFacts<Shape, Settings>,
): RuleKind {
  const { kind, shape, read } = facts;
  return {
    kind,
    shape,
    read: (written, reader) => ({ ...read(written as Static<Shape>, reader), kind }),
    state: facts.state as RuleKind['state'],
    time: facts.time as RuleKind['time'],
    figures: facts.figures as RuleKind['figures'],
  };
}
