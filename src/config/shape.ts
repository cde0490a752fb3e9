// The shape of the main file: every setting with its wish and range.

import type { Static } from 'typebox';
import { Type } from '../schema.ts';
import { block, list, regionId, span, text, whole } from '../shape.ts';
import { clientsShape } from './clients.ts';
import { certificateShape, httpTlsShape, peerTlsShape, tlsShape } from './tls.ts';

const endpoint = text('an address and a port, such as "127.0.0.1:5300" or "[::1]:5300"', ':\\d+$');

const idWord = text('letters, digits and hyphens, at most 64', '^[A-Za-z0-9][A-Za-z0-9-]{0,63}$');

const size = text('a size such as 16MiB', '^[1-9]\\d{0,5}(KiB|MiB|GiB)$');

/** Marks what must not be repeated in a message: JSON Schema's word for a password. */
export function secret(wish: string, pattern: string) {
  return Type.String({ description: wish, pattern, maxLength: 2048, writeOnly: true });
}

/** What a secret must look like: in words, and as a regular expression. */
export interface SecretWish {
  readonly wish: string;
  readonly pattern: string;
}

/** A secret as a text, or the place it is kept in. `config/secret.ts` fetches it. */
export function keptSecret({ wish, pattern }: SecretWish) {
  const kinds = [
    Type.String({ pattern, maxLength: 65_536 }),
    block({ env: text('the name of an environment variable') }),
    block({ file: text('the path of a file') }),
  ] as const;
  const description = `${wish}, { env: NAME } or { file: PATH }`;
  return Type.Union([...kinds], { description, writeOnly: true });
}

export const fleetSecret: SecretWish = {
  wish: 'a secret of at least 16 characters',
  pattern: '^.{16,}$',
};

export const tokenDigest: SecretWish = {
  wish: 'the SHA-256 of a token: 64 digits from 0 to f',
  pattern: '^[0-9a-f]{64}$',
};

export const serviceShape = block({
  name: text('a name inside the zone, or "@" for the zone itself'),
  regions: list(regionId, 'a list of at least one region', 1),
  /** The name of a policy, or a list of the shape `policyShape`. */
  policy: Type.Optional(Type.Unknown()),
  ttl: Type.Optional(block({ stable: Type.Optional(span), short: Type.Optional(span) })),
  clientSubnet: Type.Optional(Type.Boolean({ description: 'true or false' })),
  affinity: Type.Optional(span),
  answers: Type.Optional(
    Type.Union([Type.Literal('address'), Type.Literal('cname')], {
      description: 'address or cname',
    }),
  ),
  https: Type.Optional(list(text('data of an HTTPS record'), 'a list of records')),
  svcb: Type.Optional(list(text('data of an SVCB record'), 'a list of records')),
});

export const recordShape = block({
  name: text('a name inside the zone, or "@" for the zone itself'),
  type: text('a record type'),
  ttl: Type.Optional(span),
  data: text('record data in presentation form'),
});

/** Records, services and zones are checked one by one, so that a fault in one hides no other. */
export const zoneShape = block({
  name: text('a domain name'),
  file: Type.Optional(text('the path of a master file')),
  contact: Type.Optional(text('a mail address written as a domain name (RFC 1035 §3.3.13)')),
  serial: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 0xffffffff, description: 'a number from 0 to 4294967295' }),
  ),
  nameservers: Type.Optional(list(text('a host name'), 'a list of host names')),
  nameserverTtl: Type.Optional(span),
  ttl: Type.Optional(span),
  negativeTtl: Type.Optional(span),
  secondaries: Type.Optional(
    list(
      block({
        address: text('an IP address'),
        port: Type.Optional(
          Type.Integer({ minimum: 1, maximum: 65_535, description: 'a number from 1 to 65535' }),
        ),
        key: Type.Optional(text('the name of a key of dns.keys')),
      }),
      'a list of secondaries',
    ),
  ),
  clientSubnet: Type.Optional(Type.Boolean({ description: 'true or false' })),
  records: Type.Optional(list(Type.Unknown(), 'a list of records')),
  services: Type.Optional(list(Type.Unknown(), 'a list of services')),
});

export const mainShape = block({
  director: block({ id: idWord, region: idWord }),
  listen: Type.Optional(
    block({
      dns: Type.Optional(list(endpoint, 'a list of addresses and ports', 1)),
      http: Type.Optional(endpoint),
      dot: Type.Optional(list(endpoint, 'a list of addresses and ports')),
      doh: Type.Optional(list(endpoint, 'a list of addresses and ports')),
    }),
  ),
  tls: Type.Optional(tlsShape),
  state: Type.Optional(text('a folder for the last good state')),
  audit: Type.Optional(
    block({
      keep: Type.Optional(Type.Boolean({ description: 'true or false' })),
      file: Type.Optional(size),
      total: Type.Optional(size),
    }),
  ),
  gossip: Type.Optional(
    block({
      /** Redis URLs, or blocks of the shape `boardShape`. */
      boards: Type.Optional(list(Type.Unknown(), 'a list of boards')),
      peers: Type.Optional(
        list(
          secret('the http or https URL of another director', '^https?://'),
          "a list of directors' URLs",
        ),
      ),
      peerTls: Type.Optional(peerTlsShape),
      secrets: Type.Optional(list(keptSecret(fleetSecret), 'a list of secrets')),
      postEvery: Type.Optional(span),
      readEvery: Type.Optional(span),
    }),
  ),
  health: Type.Optional(
    block({
      observers: Type.Optional(list(idWord, 'a list of observing regions', 1)),
      voteLifetime: Type.Optional(span),
      settle: Type.Optional(span),
      return: Type.Optional(
        block({
          hold: Type.Optional(span),
          stage: Type.Optional(span),
          longestHold: Type.Optional(span),
        }),
      ),
      probesInFlight: Type.Optional(
        Type.Integer({ minimum: 1, maximum: 10_000, description: 'a number from 1 to 10000' }),
      ),
      probeNetworks: Type.Optional(
        list(text('a network such as 192.0.2.0/24'), 'a list of at least one network', 1),
      ),
    }),
  ),
  /** Of the shape `dnsShape`. */
  dns: Type.Optional(Type.Unknown()),
  clients: Type.Optional(clientsShape),
  geo: Type.Optional(
    block({
      mmdb: Type.Optional(text('the path of an .mmdb file')),
      asn: Type.Optional(text('the path of an .mmdb file')),
    }),
  ),
  reload: Type.Optional(
    block({
      maxMoved: Type.Optional(text('a share of clients, such as 10%', '^\\d{1,3}(\\.\\d{1,3})?%$')),
      force: Type.Optional(text('the 12 digits of the configuration to leave', '^[0-9a-f]{12}$')),
    }),
  ),
  /** Of the shape `safetyShape`. */
  safety: Type.Optional(Type.Unknown()),
  /** Of the shape `drillsShape`. */
  drills: Type.Optional(Type.Unknown()),
  http: Type.Optional(
    block({
      trustedProxies: Type.Optional(
        list(text('a network such as 192.0.2.0/24'), 'a list of networks'),
      ),
      tls: Type.Optional(httpTlsShape),
      tokens: Type.Optional(
        list(
          block({
            sha256: Type.Optional(keptSecret(tokenDigest)),
            certificate: Type.Optional(certificateShape),
            scope: Type.Union([Type.Literal('read'), Type.Literal('operate')], {
              description: 'read or operate',
            }),
            name: Type.Optional(idWord),
          }),
          'a list of tokens',
        ),
      ),
      requestsPerSecond: Type.Optional(whole(1, 1_000_000)),
      writesPerSecond: Type.Optional(whole(1, 1_000_000)),
    }),
  ),
  /** Each of the shape `webhookShape`. */
  webhooks: Type.Optional(list(Type.Unknown(), 'a list of webhooks')),
  log: Type.Optional(
    block({
      level: Type.Optional(
        Type.Union(
          ['debug', 'info', 'warn', 'error'].map((word) => Type.Literal(word)),
          {
            description: 'debug, info, warn or error',
          },
        ),
      ),
      sampleQueries: Type.Optional(
        Type.Number({ minimum: 0, maximum: 1, description: 'a share from 0 to 1' }),
      ),
    }),
  ),
  /** Chains by name, each of the shape `policyShape`. */
  policies: Type.Optional(Type.Unknown()),
  zones: list(Type.Unknown(), 'a list of at least one zone', 1),
});

export type MainFile = Static<typeof mainShape>;
export type ZoneFile = Static<typeof zoneShape>;
export type SecondaryFile = NonNullable<ZoneFile['secondaries']>[number];
export type ServiceFile = Static<typeof serviceShape>;
