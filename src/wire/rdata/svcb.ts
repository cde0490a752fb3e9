// SVCB and HTTPS (RFC 9460): where a service is and how to speak with it, before the first connection.

import type { Rdata } from '../../model/message.ts';
import type { DomainName } from '../../model/name.ts';
import { domainName, joinFields, type Octets, uint16, unsignedRdata } from './fields.ts';
import { complain, type Form } from './form.ts';
import { keyNumber, keyText, paramKeys, readParam, showParam } from './svc-params.ts';

const wish = 'priority target key=value …';
const priority = uint16('priority');
const target = domainName('target');

export const svcb: Form = { read, show };

function read(words: readonly string[], origin: DomainName): Rdata | string {
  const [first = '', second = '', ...rest] = words;
  const head = [priority.read(first, origin), target.read(second, origin)];
  if (head[0] === undefined || head[1] === undefined) return complain(wish, words);
  const params = new Map<number, Rdata>();
  for (const word of rest) {
    const [, name = '', , value] = /^([a-z0-9-]+)(=(.*))?$/s.exec(word) ?? [];
    const key = keyNumber(name);
    if (key === undefined) return `${complain(wish, words)}: "${word}" starts with no known key`;
    if (params.has(key)) return `the key ${name} stands twice`;
    const param = readParam(key, value);
    if (typeof param === 'string') return `${name}: ${param}`;
    params.set(key, param);
  }
  const fault = contradictionIn(params);
  if (fault !== undefined) return fault;
  // §2.2: keys in strictly increasing order.
  const sorted = [...params].sort(([x], [y]) => x - y);
  const shown = sorted.map(([key, { wire, text }]): Rdata => {
    const header = [unsignedRdata(key, 2), unsignedRdata(wire.length, 2), { wire, text: '' }];
    return {
      wire: joinFields(header).wire,
      text: text === '' ? keyText(key) : `${keyText(key)}=${text}`,
    };
  });
  return joinFields([head[0], head[1], ...shown]);
}

/** §8: what is mandatory is there; §7.1.1: no-default-alpn needs an alpn. */
function contradictionIn(params: ReadonlyMap<number, Rdata>): string | undefined {
  if (params.has(paramKeys['no-default-alpn']) && !params.has(paramKeys.alpn)) {
    return 'no-default-alpn stands without alpn';
  }
  const mandatory = params.get(paramKeys.mandatory)?.wire ?? new Uint8Array();
  for (let at = 0; at < mandatory.length; at += 2) {
    const key = (mandatory[at] as number) * 256 + (mandatory[at + 1] as number);
    if (!params.has(key)) return `${keyText(key)} is mandatory, but missing`;
  }
  return undefined;
}

function show({ message, at, end }: Octets): string | undefined {
  const first = priority.show({ message, at, end });
  const second = first && target.show({ message, at: first.end, end });
  if (first === undefined || second === undefined) return undefined;
  const texts = [first.text, second.text];
  let last = -1;
  for (let next = second.end; next < end; ) {
    if (next + 4 > end) return undefined;
    const key = (message[next] as number) * 256 + (message[next + 1] as number);
    const start = next + 4;
    next = start + (message[next + 2] as number) * 256 + (message[next + 3] as number);
    const text = next > end ? undefined : showParam(key, message.subarray(start, next));
    if (key <= last || text === undefined) return undefined;
    texts.push(text === '' ? keyText(key) : `${keyText(key)}=${text}`);
    last = key;
  }
  return texts.join(' ');
}
