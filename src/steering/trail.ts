// The trail of a decision: the same chain run once more, telling what it does.

import { placeAt } from '../model/atlas.ts';
import type { Client, Decision, Tiers, Trail, TrailEntry } from '../model/decision.ts';
import { formatIp, formatPrefix, specialBlockOf } from '../model/ip.ts';
import { distanceKm, type Place } from '../model/place.ts';
import { valueOf } from '../model/ranges.ts';
import { formatSpan, type Millis, millis } from '../model/time.ts';
import { prepareChain } from './chain.ts';
import { picks, traceSteps } from './decide.ts';
import { pickLength } from './hash.ts';
import { type Located, locate } from './locate.ts';
import { areaAt } from './order.ts';
import type { Plan, Snapshot } from './snapshot.ts';

/** Why `decide` decided as it did, for the same arguments. */
export function traceDecision(
  plan: Plan,
  client: Client,
  snapshot: Snapshot,
  decision: Decision,
  now: Millis,
): Trail {
  const located = locate(client, plan);
  return {
    located: describeLocation(located, client, plan, snapshot),
    steps: [...traceOrdering(plan, located, snapshot), ...traceSteps(plan, located, snapshot)],
    scope: describeScope(plan, located, client, decision),
    ttl: describeTtl(plan, decision, now),
  };
}

function traceOrdering(plan: Plan, located: Located, snapshot: Snapshot): TrailEntry[] {
  const area = areaAt(plan.service, snapshot.atlas, located.address);
  let tiers: Tiers = [plan.service.regions];
  return prepareChain(plan.service, snapshot.settings.regions).ordering.map((step) => {
    tiers = step.apply(tiers, area);
    return { step: step.name, summary: step.describe(tiers, area), tiers, left: [] };
  });
}

const sources: Readonly<Record<Located['by'], string>> = {
  subnet: 'the client subnet in the query',
  resolver: 'the address of the resolver that asked',
  peer: 'the address the request came from',
  given: 'the address that was asked about',
};

function describeLocation(
  located: Located,
  client: Client,
  plan: Plan,
  snapshot: Snapshot,
): string {
  const address = formatIp(located.address);
  const by = `Located by ${sources[located.by]}, ${address}`;
  const unused =
    client.subnet === undefined || located.by === 'subnet' || client.subnet.length === 0
      ? ''
      : ` (the subnet ${formatPrefix(client.subnet)} ${plan.service.usesSubnet ? 'is not public' : 'does not steer this service'})`;
  const block = specialBlockOf(located.address);
  if (block !== undefined)
    return `${by}${unused}, which is not a public address (${formatPrefix(block)})`;
  if (snapshot.atlas === undefined) return `${by}${unused}; no GeoIP data is loaded`;
  const index = valueOf(snapshot.atlas.ranges, located.address);
  const place = placeAt(snapshot.atlas, index);
  return `${by}${unused}: ${place === undefined ? `${snapshot.atlas.source} does not know it` : describePlace(place, plan, snapshot)}`;
}

function describePlace(place: Place, plan: Plan, snapshot: Snapshot): string {
  const { latitude, longitude } = place.coordinates;
  const named = [place.city, place.subdivision, place.country].filter((part) => part !== '');
  const near = `${named.join(', ')} (${latitude.toFixed(2)}, ${longitude.toFixed(2)}, within ${place.radiusKm} km)`;
  const distances = plan.service.regions
    .flatMap((id) => snapshot.settings.regions.get(id)?.coordinates ?? [])
    .map((at) => distanceKm(place.coordinates, at))
    .sort((x, y) => x - y);
  const [first, second] = distances;
  const isWeak =
    first !== undefined && second !== undefined && place.radiusKm > (second - first) / 2;
  return isWeak ? `${near}, which is weak evidence between the two nearest regions` : near;
}

function describeScope(plan: Plan, located: Located, client: Client, decision: Decision): string {
  if (client.subnet === undefined) return 'no client subnet was sent, so no scope is stated';
  if (client.subnet.length === 0) return 'the client asked not to be located, so the scope is 0';
  if (!plan.service.usesSubnet) return 'this service ignores client subnets, so the scope is 0';
  const picked = picks(plan, located) && decision.scope === pickLength(client.subnet.ip.family);
  if (picked) return `true for /${decision.scope}, the network that weighted picks are made for`;
  if (located.by !== 'subnet')
    return `true for /${decision.scope} around the subnet, none of it public`;
  return `true for /${decision.scope}: everyone in that network is offered the same regions in the same order`;
}

function describeTtl(plan: Plan, decision: Decision, now: Millis): string {
  const reasons: Readonly<Record<Decision['ttlReason'], string>> = {
    stable: 'nothing is expected to change',
    'recently-changed': `a region changed lately (settled in ${formatSpan(millis(Math.max(0, plan.horizon.settledAt - now)))})`,
    suspect: 'some probes contradict a verdict',
    'verdict-kept': 'too few fresh votes: an old verdict is kept',
    'override-active': "an operator's override is in force",
    'override-ends': "an operator's override ends then",
    'fail-open': 'nothing is alive and this is a last resort',
  };
  return `${decision.ttl} s, because ${reasons[decision.ttlReason]}`;
}
