// Step `rules`: regions that the operator prefers for networks or countries come first.

import type { Tiers } from '../../model/decision.ts';
import type { RegionId } from '../../model/region.ts';
import type { SteeringRule } from '../../model/settings.ts';
import type { Area, OrderingStep } from '../step.ts';
import { describeOrder } from '../words.ts';

export function prepareRules(rules: readonly SteeringRule[]): OrderingStep {
  const find = (area: Area): SteeringRule | undefined => {
    if (area.networkRule !== undefined) return area.networkRule;
    const country = area.place?.country;
    return country === undefined
      ? undefined
      : rules.find((rule) => rule.countries.includes(country));
  };
  return {
    name: 'rules',
    apply(tiers, area): Tiers {
      const rule = find(area);
      return rule === undefined ? tiers : tiers.flatMap((tier) => preferIn(tier, rule.prefer));
    },
    describe(_before, _after, area): string {
      const rule = find(area);
      if (rule === undefined) return 'no rule is about this client';
      const whom = area.networkRule === undefined ? area.place?.country : "the client's network";
      return `a rule for ${whom} prefers ${describeOrder(rule.prefer.map((region) => [region]))}`;
    },
  };
}

function preferIn(tier: readonly RegionId[], prefer: readonly RegionId[]): RegionId[][] {
  const first = [...new Set(prefer)]
    .filter((region) => tier.includes(region))
    .map((region) => [region]);
  const rest = tier.filter((region) => !prefer.includes(region));
  return rest.length > 0 ? [...first, rest] : first;
}
