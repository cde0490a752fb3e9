// Safety: the rules that operators set for themselves, and what a rule says against a change.

/** One rule: `src/safety/rules/` gives each kind its settings and their meaning. */
export interface RuleSettings {
  readonly kind: string;
  readonly [setting: string]: unknown;
}

/** Rules that are overridden for one change, and why. */
export interface BreakGlass {
  readonly rules: readonly string[];
  readonly reason: string;
}

export interface SafetySettings {
  readonly rules: readonly RuleSettings[];
  /** Lets one change of the files through: away from this `configuration`, and from no later one. */
  readonly breakGlass?: (BreakGlass & { readonly configuration: string }) | undefined;
}

/** What a rule says against a change. */
export interface Refusal {
  /** The rule's word, as `minRegions`. */
  readonly rule: string;
  /** The figures, and what would satisfy it; no final full stop. */
  readonly message: string;
}

/** What came of holding a change against the rules. */
export interface Judgement {
  /** Every rule that it was held against. */
  readonly checked: readonly string[];
  readonly refusals: readonly Refusal[];
}

/** What a rule found in a change: its figures, and whether it lets the change be. */
export interface Finding {
  readonly rule: string;
  readonly isAllowed: boolean;
  /** Against it: what `Refusal` says; else how near its limit the change comes. No final full stop. */
  readonly figures: string;
}

/** What the rules would say of a request; nothing has come of it. */
export interface SafetyReport extends Judgement {
  /** True where it would be taken as it stands, with the rules that it overrides. */
  readonly isAllowed: boolean;
}
