// Keys that secondaries sign with (RFC 8945).

import type { Static } from 'typebox';
import { type DomainName, formatName } from '../model/name.ts';
import type { TsigKey } from '../model/secondary.ts';
import { Type } from '../schema.ts';
import { block, text } from '../shape.ts';
import type { ConfigPath } from './document.ts';
import { readSecret, type Vault } from './secret.ts';
import { keptSecret, type SecretWish } from './shape.ts';
import type { ValueReader } from './values.ts';

/** As `tsig-keygen` and `keymgr` write them; RFC 8945 §8 wants as many octets as the MAC has. */
const keySecret: SecretWish = {
  wish: 'at least 16 octets in base64',
  pattern: '^(?=.{22})(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$',
};

export const keyShape = block({
  name: text('the name of the key, as the secondary has it'),
  algorithm: Type.Optional(Type.Literal('hmac-sha256', { description: 'hmac-sha256' })),
  secret: keptSecret(keySecret),
});

export function readKeys(
  files: readonly Static<typeof keyShape>[],
  at: ConfigPath,
  vault: Vault,
  reader: ValueReader,
): { keys: TsigKey[]; names: DomainName[] } {
  const names: DomainName[] = [];
  const keys = files.flatMap((file, i) => {
    const name = reader.domain(file.name, [...at, i, 'name']);
    const secret = readSecret(file.secret, [...at, i, 'secret'], keySecret, vault, reader);
    if (name === undefined) return [];
    if (names.includes(name)) {
      reader.refuse([...at, i, 'name'], `${formatName(name)} is listed twice`);
    }
    names.push(name);
    return secret === undefined ? [] : [{ name, secret: Buffer.from(secret, 'base64') }];
  });
  return { keys, names };
}
