// Question → answer: what an authoritative server says, before it becomes bytes or JSON.

import {
  type Answer,
  extendedErrors,
  type RecordType,
  recordTypes,
  type RRset,
} from '../model/message.ts';
import type { DomainName } from '../model/name.ts';
import { seconds } from '../model/time.ts';
import { aliasOf } from './alias.ts';
import { noData, noSuchName } from './negative.ts';
import { answerDelegated } from './referral.ts';
import { isSteered } from './steered.ts';
import type { Node } from './node.ts';
import { type Found, findName, hostAddresses, type ZoneIndex, zoneOf } from './zone.ts';

/** Outside our zones: not ours to say (RFC 1035 §4.1.1, RFC 8914 §4.21). */
export const refused: Answer = {
  rcode: 'REFUSED',
  isAuthoritative: false,
  answers: [],
  authority: [],
  additional: [],
  extendedError: { code: extendedErrors.notAuthoritative, text: 'not a zone of this server' },
};

/** Links of a chain of aliases that one answer follows: more is a mistake or a circle. */
const longestChain = 8;

/**
 * What a name that no service steers answers, records under their owner as asked. Aliases are
 * followed inside their zone (RFC 1034 §4.3.2 step 3a) up to a steered name: what that answers
 * depends on the client and is asked for by itself (RFC 7871 §7.2.1 has one scope for an answer).
 * The response code is the last name's (RFC 6604 §3).
 */
export function answerStatic(
  index: ZoneIndex,
  found: Found,
  name: DomainName,
  type: RecordType,
  wantsDnssec = false,
): Answer {
  if (isTransfer(type)) return { ...refused, extendedError: undefined };
  if (found.kind === 'node' && type === recordTypes.ANY) return answerAny(found.node, name);
  const zone = zoneOf(found);
  const chain: RRset[] = [];
  let here = { found, name };
  for (let links = 0; ; links++) {
    const alias = aliasOf(here.found, here.name, type);
    if (alias === undefined) {
      const last = answerHere(index, here.found, here.name, type, wantsDnssec);
      return links === 0
        ? last
        : { ...last, isAuthoritative: true, answers: [...chain, ...last.answers] };
    }
    chain.push(...alias.sets);
    const { target } = alias;
    if (target === undefined) return { ...positive(chain, []), rcode: 'YXDOMAIN' };
    const next = findName(index, target, type);
    const isLoop = chain.some((set) => set.name === target);
    const isForeign = zoneOf(next) !== zone || (next.kind === 'node' && isSteered(next.node, type));
    if (isLoop || isForeign || links >= longestChain) return positive(chain, []);
    here = { found: next, name: target };
  }
}

/** What a name that is no alias answers. */
function answerHere(
  index: ZoneIndex,
  found: Found,
  name: DomainName,
  type: RecordType,
  wantsDnssec: boolean,
): Answer {
  if (found.kind === 'outside') return refused;
  if (found.kind === 'missing') return noSuchName(found.zone);
  if (found.kind === 'delegated') {
    return answerDelegated(index, found.cut, found.isAtCut, type, wantsDnssec);
  }
  const { node } = found;
  const set = node.sets.get(type);
  if (set === undefined) return noData(node.zone);
  const owned = set.name === name ? set : { ...set, name };
  return positive([owned], hostAddresses(index, set));
}

/** Zones are never handed out whole (RFC 5936, RFC 1995). */
export function isTransfer(type: RecordType): boolean {
  return type === recordTypes.AXFR || type === recordTypes.IXFR;
}

function positive(answers: readonly RRset[], additional: readonly RRset[]): Answer {
  return {
    rcode: 'NOERROR',
    isAuthoritative: true,
    answers,
    authority: [],
    additional,
    extendedError: undefined,
  };
}

/** RFC 8482 §4.2: ANY gets the CNAME or else one HINFO record that says so, never all there is. */
function answerAny(node: Node, name: DomainName): Answer {
  const alias = node.sets.get(recordTypes.CNAME);
  if (alias !== undefined) return positive([{ ...alias, name }], []);
  const isEmpty = node.sets.size === 0 && node.service === undefined;
  if (isEmpty) return noData(node.zone);
  const hint = { name, type: recordTypes.HINFO, ttl: seconds(3600), data: [anyRdata] };
  return positive([hint], []);
}

const anyRdata = {
  wire: Uint8Array.of(7, 0x52, 0x46, 0x43, 0x38, 0x34, 0x38, 0x32, 0),
  text: '"RFC8482" ""',
};
