// A steered name as a line of a master file: what `steer.ts` reads.

import { typeName } from '../../model/message.ts';
import type { Service } from '../../model/settings.ts';
import { quote } from '../../wire/rdata/strings.ts';

/** All that stands behind the name: TTL, class, STEER and its words. */
export function steerText({ ttl, policy, regions, ...more }: Service): string {
  const isWord = /^[\w-]+$/.test(policy);
  const words = [
    ttl.stable,
    'IN STEER',
    isWord ? policy : quoted(policy),
    ...regions,
    `short=${ttl.short}s`,
    ...(more.affinity === 0 ? [] : [`affinity=${more.affinity}s`]),
    ...(more.answers === 'address' ? [] : [`answers=${more.answers}`]),
    ...(more.usesSubnet ? [] : ['clientSubnet=false']),
    ...more.bindings.map(({ type, text }) => `${typeName(type).toLowerCase()}=${quoted(text)}`),
  ];
  return words.join(' ');
}

function quoted(text: string): string {
  return quote(new TextEncoder().encode(text));
}
