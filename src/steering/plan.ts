// Services made ready for one snapshot.

import type { HealthView } from '../model/health.ts';
import { type LoadView, noLoads } from '../model/load.ts';
import type { DomainName } from '../model/name.ts';
import type { OverrideView } from '../model/override.ts';
import type { Settings } from '../model/settings.ts';
import { prepareChain } from './chain.ts';
import { effectOn } from './effect.ts';
import { areaKey } from './order.ts';
import type { AreaMap, Plan } from './snapshot.ts';
import { horizonOf } from './ttl.ts';

/** One plan a service; `areas` holds the compiled map of every `areaKey` among the services. */
export function preparePlans(
  settings: Settings,
  areas: ReadonlyMap<string, AreaMap>,
  health: HealthView,
  overrides: OverrideView,
  loads: LoadView = noLoads,
): ReadonlyMap<DomainName, Plan> {
  const plans = new Map<DomainName, Plan>();
  for (const service of settings.services.values()) {
    const map = areas.get(areaKey(service, settings.regions));
    if (map === undefined) continue;
    const { thinning } = prepareChain(service, settings.regions);
    const effect = effectOn(service, overrides, settings.regions);
    plans.set(service.name, {
      service,
      areas: map,
      steps: thinning,
      overrides: effect,
      horizon: horizonOf(service, { health, overrides, effect }, settings.health.settle, loads),
      starts: new Map(),
      memo: new Map(),
    });
  }
  return plans;
}
