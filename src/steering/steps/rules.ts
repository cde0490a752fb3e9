// Step `rules`: regions that the operator prefers for networks or countries come first.

import { type Static, Type } from 'typebox';
import type { Tiers } from '../../model/decision.ts';
import type { RegionId } from '../../model/region.ts';
import type { SteeringRule, StepSettings } from '../../model/settings.ts';
import { block, list, regionId, text } from '../../shape.ts';
import { type Area, type OrderingStep, type StepReader, stepKind } from '../step.ts';
import { describeOrder } from '../words.ts';

const ruleShape = block({
  networks: Type.Optional(list(text('a network such as 192.0.2.0/24'), 'a list of networks')),
  countries: Type.Optional(
    list(text('two capital letters (ISO 3166-1)', '^[A-Z]{2}$'), 'a list of countries'),
  ),
  prefer: list(regionId, 'a list of at least one region', 1),
});

export const rulesStep = stepKind({
  kind: 'rules',
  shape: list(ruleShape, 'a list of rules'),
  read: (written, reader) => ({ rules: written.map((rule, i) => readRule(rule, i, reader)) }),
  prepare: ({ rules }) => prepareRules(rules),
});

/** The rules of a chain; none where the step is left out. */
export function rulesIn(steps: readonly StepSettings[]): readonly SteeringRule[] {
  const step = steps.find(({ kind }) => kind === rulesStep.kind);
  return (step?.['rules'] as readonly SteeringRule[] | undefined) ?? [];
}

function readRule(rule: Static<typeof ruleShape>, at: number, reader: StepReader): SteeringRule {
  const networks = reader.prefixes(rule.networks, [at, 'networks']);
  if (!rule.networks?.length && !rule.countries?.length) {
    reader.refuse([at], 'applies to nobody: give it networks or countries');
  }
  const prefer = reader.regionsIn(rule.prefer, [at, 'prefer']);
  return { networks, countries: rule.countries ?? [], prefer };
}

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
