// The `dns` block of the main file: what the server says of itself, and cookies.

import type { Static } from 'typebox';
import type { DomainName } from '../model/name.ts';
import type { DnsSettings, RateLimits } from '../model/dns-settings.ts';
import { Type } from '../schema.ts';
import { keyShape, readKeys } from './key.ts';
import { readSecret, type Vault } from './secret.ts';
import { block, list, span, text } from '../shape.ts';
import { keptSecret } from './shape.ts';
import type { ValueReader } from './values.ts';

const identity = text('visible ASCII, at most 255 characters', '^[ -~]{1,255}$');

const cookieSecret = { wish: '32 digits from 0 to f', pattern: '^[0-9a-f]{32}$' };

/** Trusted unless told otherwise: nobody reaches it from outside. */
const loopback = ['127.0.0.0/8', '::1/128'];

export const dnsShape = block({
  nsid: Type.Optional(
    Type.Union([identity, Type.Literal(false)], { description: 'a text or false' }),
  ),
  version: Type.Optional(identity),
  id: Type.Optional(identity),
  workers: Type.Optional(
    Type.Union([Type.Literal('auto'), Type.Integer({ minimum: 0, maximum: 64 })], {
      description: '"auto" or a number from 0 to 64',
    }),
  ),
  tcpIdle: Type.Optional(span),
  proxies: Type.Optional(list(text('a network such as 192.0.2.0/24'), 'a list of networks')),
  rateLimit: Type.Optional(
    block({
      perSecond: Type.Optional(
        Type.Integer({ minimum: 0, maximum: 1_000_000, description: 'a number from 0 to 1000000' }),
      ),
      slip: Type.Optional(
        Type.Integer({ minimum: 0, maximum: 100, description: 'a number from 0 to 100' }),
      ),
      dryRun: Type.Optional(Type.Boolean({ description: 'true or false' })),
      exempt: Type.Optional(list(text('a network such as 192.0.2.0/24'), 'a list of networks')),
    }),
  ),
  amplification: Type.Optional(
    Type.Integer({ minimum: 2, maximum: 100, description: 'a number from 2 to 100' }),
  ),
  explainTo: Type.Optional(list(text('a network such as 192.0.2.0/24'), 'a list of networks')),
  cookies: Type.Optional(
    block({
      secrets: Type.Optional(list(keptSecret(cookieSecret), 'a list of secrets')),
      require: Type.Optional(Type.Boolean({ description: 'true or false' })),
    }),
  ),
  keys: Type.Optional(list(keyShape, 'a list of keys')),
});

/** The names of keys come besides, also of those whose secret is refused. `id` is the director's, which a reply names to those who ask for it (RFC 5001) unless told otherwise. */
export function readDns(
  raw: unknown,
  id: string,
  vault: Vault,
  reader: ValueReader,
): { dns: DnsSettings; keys: readonly DomainName[] } {
  const { part: file } = raw === undefined ? unread : reader.part(dnsShape, raw, ['dns']);
  const { keys, names } = readKeys(file.keys ?? [], ['dns', 'keys'], vault, reader);
  const dns = {
    nsid: file.nsid === false ? '' : (file.nsid ?? id),
    chaos: { version: file.version, id: file.id },
    workers: file.workers ?? ('auto' as const),
    // RFC 7766 §6.2.3 asks for seconds; ten is the middle of what name servers use.
    tcpIdle: reader.span(file.tcpIdle, ['dns', 'tcpIdle'], 10_000, 1000, 600_000),
    proxies: reader.prefixes(file.proxies, ['dns', 'proxies'], 128),
    rates: readRates(file.rateLimit, reader),
    amplification: file.amplification ?? 20,
    explainTo: reader.prefixes(file.explainTo ?? loopback, ['dns', 'explainTo'], 128),
    cookies: {
      secrets: (file.cookies?.secrets ?? []).flatMap((kept, i) => {
        const at = ['dns', 'cookies', 'secrets', i];
        return readSecret(kept, at, cookieSecret, vault, reader) ?? [];
      }),
      isRequired: file.cookies?.require ?? false,
    },
    keys,
  };
  return { dns, keys: names };
}

function readRates(file: DnsFile['rateLimit'], reader: ValueReader): RateLimits | undefined {
  const { perSecond = 200, slip = 2, dryRun: isDryRun = false } = file ?? {};
  const exempt = reader.prefixes(file?.exempt ?? loopback, ['dns', 'rateLimit', 'exempt'], 128);
  return perSecond === 0 ? undefined : { perSecond, slip, isDryRun, exempt };
}

type DnsFile = Static<typeof dnsShape>;

const unread: { part: Partial<DnsFile> } = { part: {} };
