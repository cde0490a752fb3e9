// The trail of a decision: the same chain run once more, telling what it does.

import type {
  Client,
  Decision,
  Departure,
  ScopeReason,
  Tiers,
  Trail,
  TrailEntry,
} from '../model/decision.ts';
import { formatPrefix, maskIp } from '../model/ip.ts';
import { scopeOf } from '../model/ranges.ts';
import { formatSpan, type Millis } from '../model/time.ts';
import { prepareChain } from './chain.ts';
import { pickingStep, traceSteps } from './decide.ts';
import { withheldBy } from './effect.ts';
import { pickLength } from './hash.ts';
import { type Located, locate } from './locate.ts';
import { describeLocation, inputOf } from './location.ts';
import { areaAt } from './order.ts';
import type { Plan, Snapshot } from './snapshot.ts';
import { nobodySpoke } from './steps/overrides.ts';
import { causesOf, ttlReasons } from './ttl.ts';
import { describeOverride } from './words.ts';

/** Why `decide` decided as it did, for the same arguments. */
export function traceDecision(
  plan: Plan,
  client: Client,
  snapshot: Snapshot,
  decision: Decision,
  now: Millis,
): Trail {
  const located = locate(client, plan);
  const ordering = traceOrdering(plan, located, snapshot);
  const unsettled = beforeNearest(ordering, plan);
  const [scopeReason, scope] = describeScope(plan, located, client, snapshot, decision, now);
  return {
    located: describeLocation(located, client, plan, snapshot, unsettled),
    input: inputOf(located, snapshot),
    steps: [
      ...ordering,
      ...traceSteps(plan, located, snapshot, now).map((entry) =>
        tellWithheld(entry, plan, snapshot),
      ),
    ],
    state: decision.state,
    scope,
    scopeReason,
    ttl: describeTtl(plan, decision, snapshot, now),
    ttlReason: decision.ttlReason,
  };
}

/** Words on single addresses leave their regions in the race, and answers without those. */
function tellWithheld(
  entry: TrailEntry,
  { service }: Plan,
  { settings, overrides }: Snapshot,
): TrailEntry {
  if (entry.step !== 'overrides' || service.answers !== 'address') return entry;
  const told = entry.tiers.flat().flatMap((id) => {
    const { ipv4 = [], ipv6 = [] } = settings.regions.get(id) ?? {};
    const words = [...ipv4, ...ipv6].flatMap((ip) => withheldBy(id, ip, overrides) ?? []);
    return words.map((word) => `${id} answers without ${describeOverride(word)}`);
  });
  if (told.length === 0) return entry;
  const others = entry.summary === nobodySpoke ? [] : [entry.summary];
  return { ...entry, summary: [...others, ...told].join('; ') };
}

function traceOrdering(plan: Plan, located: Located, snapshot: Snapshot): TrailEntry[] {
  const { ordering } = prepareChain(plan.service, snapshot.settings.regions);
  const area = areaAt(plan.service, ordering, snapshot.atlas, located.address);
  let tiers: Tiers = [plan.service.regions];
  return ordering.map((step) => {
    const before = tiers;
    const left: Departure[] = [];
    tiers = step.apply(before, area, left);
    const figures = step.measure?.(tiers.flat(), area);
    const told = { step: step.name, summary: step.describe(before, tiers, area), tiers, left };
    return figures === undefined ? told : { ...told, figures };
  });
}

/** What distance is left to order; undefined where no step looks at it. */
function beforeNearest(ordering: readonly TrailEntry[], { service }: Plan): Tiers | undefined {
  const at = ordering.findIndex(({ step }) => step === 'nearest');
  if (at < 0) return undefined;
  return ordering[at - 1]?.tiers ?? [service.regions];
}

function describeScope(
  plan: Plan,
  located: Located,
  client: Client,
  snapshot: Snapshot,
  { scope }: Decision,
  now: Millis,
): readonly [reason: ScopeReason, words: string] {
  const { subnet } = client;
  if (subnet === undefined) {
    return ['no-subnet', 'none is stated, because no client subnet came along'];
  }
  if (subnet.length === 0) return ['anonymous', '/0: the client asked not to be located'];
  if (!plan.service.usesSubnet) {
    return ['not-used', '/0: client subnets do not count for this service'];
  }
  const network = formatPrefix({ ip: maskIp(subnet.ip, scope), length: scope });
  if (located.by !== 'subnet') {
    const words = `nobody in ${network} has a public address, so all are located alike`;
    return ['not-public', `/${scope}: ${words}`];
  }
  const step = pickingStep(plan, located, snapshot, now);
  if (step !== undefined && scope === pickLength(subnet.ip.family)) {
    return ['drawn', `/${scope}: ${step.drawn ?? 'it is'} drawn once for the whole of ${network}`];
  }
  return scopeOf(plan.areas.ranges, subnet.ip) > scope
    ? ['finest', `/${scope}: parts of ${network} are ordered differently, but answers go no finer`]
    : ['alike', `/${scope}: everyone in ${network} is offered the same regions in the same order`];
}

function describeTtl(
  plan: Plan,
  { ttl, ttlReason }: Decision,
  snapshot: Snapshot,
  now: Millis,
): string {
  const left = formatSpan(plan.horizon.settledAt - now);
  const more = ttlReason === 'recently-changed' ? `; this counts as settled in ${left}` : '';
  const about = causesOf(ttlReason, plan, snapshot, now).join(', ');
  return `${ttl} s, because ${ttlReasons[ttlReason]}${about === '' ? '' : ` (${about})`}${more}`;
}
