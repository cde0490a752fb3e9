// Secondaries of a zone: who may transfer it, by which key, and where they are told that it changed.

import { formatIp, parseIp } from '../model/ip.ts';
import { type DomainName, formatName } from '../model/name.ts';
import type { Secondary } from '../model/secondary.ts';
import type { ConfigPath } from './document.ts';
import type { SecondaryFile } from './shape.ts';
import type { ValueReader } from './values.ts';

/** IANA: domain. */
const standardPort = 53;

export function readSecondaries(
  files: readonly SecondaryFile[],
  at: ConfigPath,
  { keys }: { readonly keys: readonly DomainName[] },
  reader: ValueReader,
): Secondary[] {
  const seen = new Set<string>();
  return files.flatMap((file, i) => {
    const address = parseIp(file.address);
    const key = file.key === undefined ? undefined : reader.domain(file.key, [...at, i, 'key']);
    if (key !== undefined && !keys.includes(key)) {
      const words = `${formatName(key)} is no key of dns.keys`;
      reader.refuse([...at, i, 'key'], words, 'config.reference');
    }
    if (address === undefined) {
      reader.refuse([...at, i, 'address'], `got "${file.address}", want an IP address`);
      return [];
    }
    const { port = standardPort } = file;
    const words = `${formatIp(address)} port ${port}`;
    if (seen.has(words)) reader.refuse([...at, i], `names ${words} twice`);
    seen.add(words);
    return [{ address, port, key }];
  });
}
