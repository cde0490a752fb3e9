// Explanations by DNS: TXT of `_explain` below a steered name says why the asker is sent where it is.

import type { Client, Question } from '../model/decision.ts';
import { type Ip, isAmong } from '../model/ip.ts';
import { type Answer, type Rdata, recordTypes } from '../model/message.ts';
import { type DomainName, parentOf } from '../model/name.ts';
import type { DnsSettings } from '../model/dns-settings.ts';
import { type Millis, seconds } from '../model/time.ts';
import { explain } from '../steering/explain.ts';
import { quote } from '../wire/rdata/strings.ts';
import { parseRdata } from '../wire/rdata.ts';
import { direct, traceDirection } from './direct.ts';
import type { View } from './snapshot.ts';

const label = '\x08_explain';

/** True for a question that asks why; whether its asker may know is another question. */
export function asksWhy(name: DomainName, type: number): boolean {
  return type === recordTypes.TXT && name.startsWith(label);
}

/** An answer and the scope for which it is true. */
export interface Explained {
  readonly answer: Answer;
  readonly scope: number;
}

/**
 * One string for each line of the explanation, never cached. Undefined where the name below is not
 * steered; REFUSED for addresses that the configuration does not name.
 */
export function explainTxt(
  view: View,
  name: DomainName,
  client: Client,
  now: Millis,
): Explained | undefined {
  const service = parentOf(name);
  if (service === undefined) return undefined;
  const question: Question = { name: service, type: recordTypes.A, client };
  const direction = direct(view, question, now);
  const { decision } = direction;
  if (decision === undefined) return undefined;
  if (!mayKnow(client.address, view.snapshot.settings.dns)) {
    return { answer: { ...silence, rcode: 'REFUSED', isAuthoritative: false }, scope: 0 };
  }
  const trail = traceDirection(view, question, direction, now);
  const text = trail === undefined ? '' : explain(decision, trail);
  const set = { name, type: recordTypes.TXT, ttl: seconds(0), data: [stringsOf(text)] };
  return { answer: { ...silence, answers: [set] }, scope: decision.scope };
}

function mayKnow(address: Ip, { explainTo }: DnsSettings): boolean {
  return isAmong(address, explainTo);
}

function stringsOf(text: string): Rdata {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const quoted = lines.map((line) => quote(new TextEncoder().encode(line)));
  const rdata = parseRdata(recordTypes.TXT, quoted.join(' '), '\0' as DomainName);
  return typeof rdata === 'string' ? { wire: Uint8Array.of(0), text: '""' } : rdata;
}

const silence: Answer = {
  rcode: 'NOERROR',
  isAuthoritative: true,
  answers: [],
  authority: [],
  additional: [],
  extendedError: undefined,
};
