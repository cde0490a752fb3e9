// The CHAOS class: what a server says of itself (RFC 4892).

import { type Answer, type RecordType, recordTypes } from '../model/message.ts';
import { type DomainName, parseName } from '../model/name.ts';
import type { DnsSettings } from '../model/dns-settings.ts';
import { seconds } from '../model/time.ts';
import { quote } from '../wire/rdata/strings.ts';
import { parseRdata } from '../wire/rdata.ts';
import { refused } from './answer.ts';

/** Names by which software and instance are asked for, with the setting that answers them. */
const names: ReadonlyMap<DomainName | undefined, 'version' | 'id'> = new Map([
  [parseName('version.bind'), 'version'],
  [parseName('version.server'), 'version'],
  [parseName('id.server'), 'id'],
  [parseName('hostname.bind'), 'id'],
]);

/** REFUSED unless the configuration has something to say. */
export function answerChaos(
  name: DomainName,
  type: RecordType,
  { chaos }: Pick<DnsSettings, 'chaos'>,
): Answer {
  const key = names.get(name);
  const text = key === undefined ? undefined : chaos[key];
  const isTxt = type === recordTypes.TXT || type === recordTypes.ANY;
  const rdata =
    text === undefined || !isTxt
      ? ''
      : parseRdata(recordTypes.TXT, quote(new TextEncoder().encode(text)), name);
  if (typeof rdata === 'string') return { ...refused, extendedError: undefined };
  const set = { name, type: recordTypes.TXT, ttl: seconds(0), data: [rdata] };
  return {
    ...refused,
    rcode: 'NOERROR',
    isAuthoritative: true,
    answers: [set],
    extendedError: undefined,
  };
}
