// Steered answers: the records that a decision comes to.

import type { Decision, DecisionState } from '../model/decision.ts';
import type { Ip } from '../model/ip.ts';
import {
  type Answer,
  type ExtendedError,
  extendedErrors,
  isAddressType,
  type Rdata,
  type RecordType,
  recordTypes,
  type RRset,
} from '../model/message.ts';
import { type DomainName, rootName } from '../model/name.ts';
import type { Region, RegionId } from '../model/region.ts';
import type { Binding, Service } from '../model/settings.ts';
import { seconds } from '../model/time.ts';
import { addressRdata } from '../wire/rdata/address.ts';
import { nameRdata } from '../wire/rdata/fields.ts';
import { parseRdata } from '../wire/rdata.ts';
import { noData } from './negative.ts';
import type { Node } from './node.ts';

/** True when a decision is needed to answer: a steered name asked for one of its steered types. */
export function isSteered({ service }: Node, type: RecordType): boolean {
  if (service === undefined) return false;
  if (isAddressType(type) || service.answers === 'cname') return true;
  return service.bindings.some((binding) => binding.type === type);
}

/** Records of the chosen regions, best region first. */
export function answerSteered(
  node: Node,
  name: DomainName,
  type: RecordType,
  decision: Decision,
  regions: ReadonlyMap<RegionId, Region>,
): Answer {
  const error = steeringError(decision);
  const chosen = decision.regions.flatMap((id) => regions.get(id) ?? []);
  const isAlias = node.service?.answers === 'cname';
  if (decision.state === 'stand-in') return answerStandIn(node, name, type, decision, error);
  const data = isAlias ? hostOf(chosen) : dataOf(node.service?.bindings ?? [], type, chosen);
  if (data.length === 0) return noDataUntilChange(node, decision, error);
  const owned = isAlias ? recordTypes.CNAME : type;
  return {
    rcode: 'NOERROR',
    isAuthoritative: true,
    answers: [{ name, type: owned, ttl: decision.ttl, data }],
    authority: [],
    additional: [],
    extendedError: error,
  };
}

/** The operator's own addresses, also for a name that answers with a CNAME at other times. */
function answerStandIn(
  node: Node,
  name: DomainName,
  type: RecordType,
  decision: Decision,
  error: ExtendedError | undefined,
): Answer {
  const family = type === recordTypes.A ? 4 : type === recordTypes.AAAA ? 6 : 0;
  const data = addressesOf(decision.addresses.filter((ip) => ip.family === family));
  if (data.length === 0) return noDataUntilChange(node, decision, error);
  return {
    rcode: 'NOERROR',
    isAuthoritative: true,
    answers: [{ name, type, ttl: decision.ttl, data }],
    authority: [],
    additional: [],
    extendedError: error,
  };
}

/** RFC 2181 §10.1: a name has one canonical name. */
function hostOf(chosen: readonly Region[]): Rdata[] {
  const first = chosen.find(({ cname }) => cname !== undefined)?.cname;
  return first === undefined ? [] : [nameRdata(first)];
}

/**
 * What a service answers to whoever cannot steer: the addresses of all its regions in their
 * configured order, so that a client finds one that is alive; of a service that answers with a
 * CNAME the first host. Regions of weight 0 stand back while there are others. Nothing here moves
 * with health or overrides, and what came from here is soon asked for again: the TTL is the short one.
 */
export function standIns(
  service: Service,
  regions: ReadonlyMap<RegionId, Region>,
): readonly RRset[] {
  const listed = service.regions.flatMap((id) => regions.get(id) ?? []);
  const weighty = listed.filter(({ weight }) => weight > 0);
  const chosen = (weighty.length > 0 ? weighty : listed).slice(0, mostStandIns);
  const { name, bindings } = service;
  const ttl = service.ttl.short;
  const types = [recordTypes.A, recordTypes.AAAA, ...bindings.map(({ type }) => type)];
  const sets =
    service.answers === 'cname'
      ? [{ name, type: recordTypes.CNAME, ttl, data: hostOf(chosen) }]
      : [...new Set(types)].map((type) => ({
          name,
          type,
          ttl,
          data: dataOf(bindings, type, chosen),
        }));
  return sets.filter(({ data }) => data.length > 0);
}

/** More would not fit into an answer over UDP, and no client tries so many. */
const mostStandIns = 16;

function dataOf(
  bindings: readonly Binding[],
  type: RecordType,
  chosen: readonly Region[],
): Rdata[] {
  const v4 = addressesOf(chosen.flatMap(({ ipv4 }) => ipv4));
  const v6 = addressesOf(chosen.flatMap(({ ipv6 }) => ipv6));
  if (type === recordTypes.A) return v4;
  if (type === recordTypes.AAAA) return v6;
  return (chosen.length === 0 ? [] : bindings)
    .filter((binding) => binding.type === type)
    .flatMap((binding) => bind(binding, v4, v6) ?? []);
}

/** RFC 2181 §5: a set names each address once, also where regions share it. */
function addressesOf(ips: readonly Ip[]): Rdata[] {
  return [...new Map(ips.map(addressRdata).map((rdata) => [rdata.text, rdata])).values()];
}

/**
 * The record with the chosen addresses as hints (RFC 9460 §7.3), which come from the same choice as
 * A and AAAA. An alias, and a target with a name of its own, get none: those addresses are not ours
 * to say.
 */
function bind(
  { type, text }: Binding,
  v4: readonly Rdata[],
  v6: readonly Rdata[],
): Rdata | undefined {
  const [priority, target] = text.split(' ');
  const isOurs = priority !== '0' && target === '.';
  const hints = [
    ...(isOurs && v4.length > 0 ? [`ipv4hint=${v4.map((rdata) => rdata.text).join(',')}`] : []),
    ...(isOurs && v6.length > 0 ? [`ipv6hint=${v6.map((rdata) => rdata.text).join(',')}`] : []),
  ];
  const rdata = parseRdata(type, [text, ...hints].join(' '), rootName);
  return typeof rdata === 'string' ? undefined : rdata;
}

/** A negative answer to a steered question lives no longer than the decision does. */
function noDataUntilChange(
  node: Node,
  decision: Decision,
  error: ExtendedError | undefined,
): Answer {
  const answer = noData(node.zone, error);
  const authority = answer.authority.map((set) => ({
    ...set,
    ttl: seconds(Math.min(set.ttl, decision.ttl)),
  }));
  return { ...answer, authority };
}

/** What is said of a state that is not as it should be. */
const texts: Readonly<Partial<Record<DecisionState, string>>> = {
  withheld: 'every region is withheld by an override',
  'fail-open': 'no region is alive: answered by geography alone',
  'below-floor': 'less than the floor is alive: a region that is down is named all the same',
  'fail-closed': 'no region is alive: the policy answers nothing then',
  'stand-in': 'no region is left: answered with addresses of the policy',
};

/** The same where a fence is around the client. */
const fencedTexts: typeof texts = {
  withheld: 'every region that the fence allows is withheld by an override',
  'fail-open': 'no region inside the fence is alive: answered by geography alone, within the fence',
  'fail-closed': 'no region inside the fence is alive: the policy answers nothing then',
  'stand-in': 'no region inside the fence is left: answered with addresses of the policy',
};

/** RFC 8914: what an operator who looks with dig should know at once. */
function steeringError(decision: Decision): ExtendedError | undefined {
  const { state, isFenced } = decision;
  const special = (isFenced ? fencedTexts[state] : undefined) ?? texts[state];
  if (special !== undefined) return { code: extendedErrors.other, text: special };
  if (!decision.isKept) return undefined;
  return { code: extendedErrors.staleAnswer, text: 'too few fresh votes: an old verdict is kept' };
}
