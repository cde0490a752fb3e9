// The trail of a decision: the same chain run once more, telling what it does.

import { placeOf } from '../model/atlas.ts';
import type { Client, Decision, Departure, Tiers, Trail, TrailEntry } from '../model/decision.ts';
import { formatIp, formatPrefix, maskIp, specialBlockOf, widthOf } from '../model/ip.ts';
import type { Place } from '../model/place.ts';
import { scopeOf } from '../model/ranges.ts';
import { formatSpan, type Millis } from '../model/time.ts';
import { prepareChain } from './chain.ts';
import { pickingStep, traceSteps } from './decide.ts';
import { pickLength } from './hash.ts';
import { type Located, locate } from './locate.ts';
import { areaAt } from './order.ts';
import type { Plan, Snapshot } from './snapshot.ts';
import { biasedKm } from './steps/nearest.ts';
import { ttlReasons } from './ttl.ts';

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
    steps: [...traceOrdering(plan, located, snapshot), ...traceSteps(plan, located, snapshot, now)],
    scope: describeScope(plan, located, client, snapshot, decision, now),
    ttl: describeTtl(plan, decision, now),
  };
}

function traceOrdering(plan: Plan, located: Located, snapshot: Snapshot): TrailEntry[] {
  const { ordering } = prepareChain(plan.service, snapshot.settings.regions);
  const area = areaAt(plan.service, ordering, snapshot.atlas, located.address);
  let tiers: Tiers = [plan.service.regions];
  return ordering.map((step) => {
    const before = tiers;
    const left: Departure[] = [];
    tiers = step.apply(before, area, left);
    return { step: step.name, summary: step.describe(before, tiers, area), tiers, left };
  });
}

function describeLocation(
  located: Located,
  client: Client,
  plan: Plan,
  snapshot: Snapshot,
): string {
  const { address } = located;
  const by = describeSource(located, client, plan);
  const block = specialBlockOf(address);
  if (block !== undefined) return `${by}, which is not a public address (${formatPrefix(block)})`;
  const { atlas } = snapshot;
  if (atlas === undefined) return `${by}, but no GeoIP data is loaded`;
  const place = placeOf(atlas, address);
  if (place === undefined) return `${by}, but ${atlas.source} does not know where that is`;
  return `${by}: ${describePlace(place)}${describeDoubt(place, plan, snapshot)}`;
}

const sources: Readonly<Record<Client['origin'], string>> = {
  resolver: 'the address of the resolver that asked',
  peer: 'the address that the request came from',
  given: 'the address that was asked about',
};

function describeSource({ by, address }: Located, client: Client, { service }: Plan): string {
  const { subnet, origin } = client;
  const asker = `${sources[origin]}, ${formatIp(address)}`;
  if (subnet === undefined || subnet.length === 0) return `Located by ${asker}`;
  const sent =
    subnet.length === widthOf(subnet.ip.family)
      ? `client's address, ${formatIp(subnet.ip)}`
      : `client's subnet, ${formatPrefix(subnet)}`;
  if (by === 'subnet') return `Located by the ${sent}`;
  const why = service.usesSubnet ? 'is not public' : 'does not count for this service';
  return `The ${sent}, ${why}; located instead by ${asker}`;
}

function describePlace({ city, subdivision, country, coordinates, radiusKm }: Place): string {
  const named = [city, subdivision, country].filter((part) => part !== '').join(', ');
  const { latitude, longitude } = coordinates;
  const at = `${latitude.toFixed(2)}, ${longitude.toFixed(2)}, give or take ${radiusKm} km`;
  return `${city === '' ? 'somewhere in ' : ''}${named === '' ? 'the world' : named} (${at})`;
}

/** Where GeoIP may err by so much that another region could be the nearest, says so. */
function describeDoubt({ coordinates, radiusKm }: Place, plan: Plan, snapshot: Snapshot): string {
  if (!plan.service.steps.some((step) => step.kind === 'nearest')) return '';
  const [first, second] = plan.service.regions
    .flatMap((id) => snapshot.settings.regions.get(id) ?? [])
    .map((region) => ({ id: region.id, km: biasedKm(coordinates, region) }))
    .sort((x, y) => x.km - y.km);
  // An error of so many km brings one region nearer by at most that and takes another as far away.
  if (first === undefined || second === undefined || second.km - first.km >= 2 * radiusKm)
    return '';
  return `, too vague to be sure that ${first.id} is nearer than ${second.id}`;
}

function describeScope(
  plan: Plan,
  located: Located,
  client: Client,
  snapshot: Snapshot,
  { scope }: Decision,
  now: Millis,
): string {
  const { subnet } = client;
  if (subnet === undefined) return 'none is stated, because no client subnet came along';
  if (subnet.length === 0) return '/0: the client asked not to be located';
  if (!plan.service.usesSubnet) return '/0: client subnets do not count for this service';
  const network = formatPrefix({ ip: maskIp(subnet.ip, scope), length: scope });
  if (located.by !== 'subnet') {
    return `/${scope}: nobody in ${network} has a public address, so all are located alike`;
  }
  const step = pickingStep(plan, located, snapshot, now);
  if (step !== undefined && scope === pickLength(subnet.ip.family)) {
    return `/${scope}: ${step.drawn ?? 'it is'} drawn once for the whole of ${network}`;
  }
  return scopeOf(plan.areas.ranges, subnet.ip) > scope
    ? `/${scope}: parts of ${network} are ordered differently, but answers go no finer`
    : `/${scope}: everyone in ${network} is offered the same regions in the same order`;
}

function describeTtl(plan: Plan, { ttl, ttlReason }: Decision, now: Millis): string {
  const left = formatSpan(plan.horizon.settledAt - now);
  const more = ttlReason === 'recently-changed' ? `; this counts as settled in ${left}` : '';
  return `${ttl} s, because ${ttlReasons[ttlReason]}${more}`;
}
