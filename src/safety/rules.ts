// Every kind of safety rule, in the order in which refusals name them.

import type { RuleKind } from './rule.ts';
import { gate } from './rules/gate.ts';
import { minCapacity } from './rules/min-capacity.ts';
import { minInterval } from './rules/min-interval.ts';
import { minRegions } from './rules/min-regions.ts';
import { notTogether } from './rules/not-together.ts';
import { windows } from './rules/windows.ts';

export const ruleKinds: readonly RuleKind[] = [
  minRegions,
  notTogether,
  minCapacity,
  gate,
  windows,
  minInterval,
];

export const ruleNames: readonly string[] = ruleKinds.map(({ kind }) => kind);
