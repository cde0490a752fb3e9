// Steered names in a master file: lines of the types STEER and ALIAS, which only Meridian knows:
//   www  30  IN  STEER  nearest eu-west us-east  short=5s https="1 . alpn=h2"
//   @        IN  ALIAS  www.

import { formatName, parseName } from '../../model/name.ts';
import { readOctets } from '../../wire/rdata/strings.ts';
import { readDocument } from '../document.ts';
import type { Extension } from './zone.ts';

/** A line as the block that `meridian.yaml` would have; what is wrong with it is told by who reads that. */
export function serviceBlock({ name, ttl, words }: Extension): Record<string, unknown> {
  const [policy, ...rest] = words;
  const regions = rest.filter((word) => !word.includes('='));
  const block: Record<string, unknown> = {
    name: `${formatName(name)}.`,
    regions,
    policy: policyOf(textOf(policy ?? '')),
  };
  const times: Record<string, unknown> = ttl === undefined ? {} : { stable: `${ttl}s` };
  for (const word of rest.filter((each) => each.includes('='))) {
    const [key = ''] = word.split('=', 1);
    const value = textOf(word.slice(key.length + 1));
    if (key === 'short') times['short'] = value;
    else if (key === 'https' || key === 'svcb') {
      block[key] = [...((block[key] as string[] | undefined) ?? []), value];
    } else if (Object.hasOwn(block, key) || key === 'ttl') {
      // What stands before it on the line is not said again.
      block[`${key}=`] = value;
    } else block[key] = value === 'true' || value === 'false' ? value === 'true' : value;
  }
  return Object.keys(times).length === 0 ? block : { ...block, ttl: times };
}

/** Steps are written as in `meridian.yaml`, between quotes. */
function policyOf(text: string): unknown {
  if (!text.startsWith('[')) return text;
  const { document, faults } = readDocument({ path: '', text });
  return faults.length > 0 ? text : document.value;
}

export function aliasBlock({ name, origin, ttl, words }: Extension): Record<string, unknown> {
  const target = words.length === 1 ? parseName(words[0] as string, origin) : undefined;
  return {
    name: `${formatName(name)}.`,
    type: 'ALIAS',
    data: target === undefined ? words.join(' ') : `${formatName(target)}.`,
    ...(ttl === undefined ? {} : { ttl: `${ttl}s` }),
  };
}

function textOf(word: string): string {
  const octets = readOctets(word);
  return octets === undefined ? word : new TextDecoder().decode(octets);
}
