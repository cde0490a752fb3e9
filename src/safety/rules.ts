// Every kind of safety rule, in the order in which refusals name them.

import type { RuleKind } from './rule.ts';
import { minCapacity } from './rules/min-capacity.ts';
import { minRegions } from './rules/min-regions.ts';
import { notTogether } from './rules/not-together.ts';

export const ruleKinds: readonly RuleKind[] = [minRegions, notTogether, minCapacity];

export const ruleNames: readonly string[] = ruleKinds.map(({ kind }) => kind);
