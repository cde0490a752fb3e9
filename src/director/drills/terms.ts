// The terms of a drill: what the configuration says, as it begins, of what it is about.

import type { Plan } from '../../drill/plan.ts';
import type { DrillFacts } from '../../drill/report.ts';
import type { Settings } from '../../model/settings.ts';

export type Terms = Pick<DrillFacts, 'director' | 'ttl' | 'rules'>;

export function termsOf(
  { region, service }: Pick<Plan, 'region' | 'service'>,
  { director, services, safety }: Pick<Settings, 'director' | 'services' | 'safety'>,
): Terms {
  const ttls = Array.from(services.values())
    .filter(({ name, regions }) => regions.includes(region) && (service ?? name) === name)
    .map(({ ttl }) => ttl);
  // The clients of the service with the longest leave last.
  const longest = (of: 'stable' | 'short'): number => Math.max(0, ...ttls.map((ttl) => ttl[of]));
  return {
    director: director.id,
    ttl: { stable: longest('stable'), short: longest('short') },
    rules: (safety?.rules ?? []).map(({ kind }) => kind),
  };
}
