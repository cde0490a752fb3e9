// Referrals: who answers for a part of the zone that was handed to others (RFC 1034 §4.3.2 step 3b).

import { type Answer, type RecordType, recordTypes, type RRset } from '../model/message.ts';
import { noData } from './negative.ts';
import type { Node } from './node.ts';
import { hostAddresses, type ZoneIndex } from './zone.ts';

/**
 * The delegation's name servers with the addresses that we hold of them. The DS set is the parent's
 * own (RFC 4035 §3.1.4.1), so that question is answered, and whoever asks with DO gets it beside
 * the name servers (§3.1.4).
 */
export function answerDelegated(
  index: ZoneIndex,
  cut: Node,
  isAtCut: boolean,
  type: RecordType,
  wantsDnssec: boolean,
): Answer {
  const ds = cut.sets.get(recordTypes.DS);
  if (isAtCut && type === recordTypes.DS) {
    return ds === undefined ? noData(cut.zone) : { ...bare, isAuthoritative: true, answers: [ds] };
  }
  const servers = cut.sets.get(recordTypes.NS);
  const authority: RRset[] = [servers, wantsDnssec ? ds : undefined].filter(
    (set) => set !== undefined,
  );
  const additional = servers === undefined ? [] : hostAddresses(index, servers);
  return { ...bare, authority, additional };
}

const bare: Answer = {
  rcode: 'NOERROR',
  isAuthoritative: false,
  answers: [],
  authority: [],
  additional: [],
  extendedError: undefined,
};
