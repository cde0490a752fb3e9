// Step `rules`: regions that the operator prefers for networks, autonomous systems or areas come first.

import type { Static } from 'typebox';
import type { Tiers } from '../../model/decision.ts';
import { formatPrefix } from '../../model/ip.ts';
import type { RegionId } from '../../model/region.ts';
import type { SteeringRule, StepSettings } from '../../model/settings.ts';
import { Type } from '../../schema.ts';
import { block, list, regionId, text, whole } from '../../shape.ts';
import { AreaBook, areaShapes, fillAreas, namesAreas, refuseUnknownAreas } from '../areas.ts';
import { type Area, type OrderingStep, type StepReader, stepKind } from '../step.ts';
import { describeOrder } from '../words.ts';

const ruleShape = block({
  networks: Type.Optional(list(text('a network such as 192.0.2.0/24'), 'a list of networks')),
  asns: Type.Optional(list(whole(1, 0xffffffff), 'a list of numbers of autonomous systems')),
  ...areaShapes,
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
  if (!rule.networks?.length && !rule.asns?.length && !namesAreas(rule)) {
    const words = 'give it networks, asns, subdivisions, countries or continents';
    reader.refuse([at], `applies to nobody: ${words}`);
  }
  refuseUnknownAreas(rule, [at], reader);
  reader.asns(rule.asns ?? [], [at, 'asns']);
  const prefer = reader.regionsIn(rule.prefer, [at, 'prefer']);
  return { networks, asns: rule.asns ?? [], ...fillAreas(rule), prefer };
}

export function prepareRules(rules: readonly SteeringRule[]): OrderingStep {
  const byAsn = new Map<number, SteeringRule>();
  const byArea = new AreaBook<SteeringRule>();
  for (const rule of rules) {
    for (const asn of rule.asns ?? []) if (!byAsn.has(asn)) byAsn.set(asn, rule);
    byArea.add(rule, rule);
  }
  const find = (area: Area): readonly [rule: SteeringRule, whom: string] | undefined => {
    if (area.networkRule !== undefined) {
      const whom = area.ruleNetwork && formatPrefix(area.ruleNetwork);
      return [area.networkRule, whom ?? "the client's network"];
    }
    const ofSystem = byAsn.get(area.asn);
    if (ofSystem !== undefined) return [ofSystem, `AS${area.asn}`];
    const named = byArea.find(area.place);
    return named && [named.of, named.area];
  };
  return {
    name: 'rules',
    isIndependent: true,
    detail: { countries: byArea.detailed },
    apply(tiers, area): Tiers {
      const [rule] = find(area) ?? [];
      return rule === undefined ? tiers : tiers.flatMap((tier) => preferIn(tier, rule.prefer));
    },
    describe(_before, _after, area): string {
      const [rule, whom] = find(area) ?? [];
      if (rule === undefined) return 'no rule is about this client';
      return `a rule for ${whom} prefers ${describeOrder(rule.prefer.map((region) => [region]))}`;
    },
  };
}

/** Those regions of a tier that are preferred one by one, then the others as they were. */
function preferIn(tier: readonly RegionId[], prefer: readonly RegionId[]): RegionId[][] {
  const first = [...new Set(prefer)]
    .filter((region) => tier.includes(region))
    .map((region) => [region]);
  const rest = tier.filter((region) => !prefer.includes(region));
  return rest.length > 0 ? [...first, rest] : first;
}
