// The shape of a region's file: every setting with its wish and range.

import type { Static } from 'typebox';
import { Type } from '../schema.ts';
import { block, list, sharePattern, regionIdPattern, span, text, whole } from '../shape.ts';
import { secret } from './shape.ts';

const status = Type.Integer({
  minimum: 100,
  maximum: 599,
  description: 'an HTTP status from 100 to 599',
});

const end = text('a host and a port', ':\\d+$');

/** Types whose data a DNS probe can compare. */
const answerTypes = ['A', 'AAAA', 'CNAME', 'MX', 'NS', 'PTR', 'SRV', 'TXT'];

const headerWish = block({
  contains: Type.Optional(text('text that the header must contain')),
  matches: Type.Optional(text('a regular expression for the header')),
});

/** What one probe asks, and of whom. */
const target = {
  http: Type.Optional(text('an http or https URL', '^https?://')),
  tcp: Type.Optional(end),
  tls: Type.Optional(end),
  dns: Type.Optional(end),
  timeout: Type.Optional(span),
  method: Type.Optional(
    Type.Union([Type.Literal('GET'), Type.Literal('HEAD')], { description: 'GET or HEAD' }),
  ),
  headers: Type.Optional(
    Type.Record(Type.String(), Type.String(), { description: 'header names and values' }),
  ),
  status: Type.Optional(list(status, 'a list of statuses', 1)),
  answerHeaders: Type.Optional(
    Type.Record(Type.String(), headerWish, {
      description: 'at most 16 header names, each with contains, matches or {}',
      maxProperties: 16,
    }),
  ),
  contains: Type.Optional(text('text that the body must contain')),
  matches: Type.Optional(text('a regular expression for the body')),
  verify: Type.Optional(Type.Boolean({ description: 'true or false' })),
  serverName: Type.Optional(text('a host name')),
  name: Type.Optional(text('a domain name')),
  type: Type.Optional(
    Type.Union(
      answerTypes.map((type) => Type.Literal(type)),
      { description: `one of ${answerTypes.join(', ')}` },
    ),
  ),
  data: Type.Optional(text('record data in presentation form')),
  push: Type.Optional(
    text('lower-case letters, digits and hyphens between them, at most 40', regionIdPattern),
  ),
  lifetime: Type.Optional(span),
  token: Type.Optional(secret('the SHA-256 of a token: 64 digits from 0 to f', '^[0-9a-f]{64}$')),
};

/** What all probes of a region share, since one result is made of theirs. */
const pace = {
  interval: Type.Optional(span),
  downAfter: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 10, description: 'a number from 1 to 10' }),
  ),
  upAfter: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 20, description: 'a number from 1 to 20' }),
  ),
  holdDown: Type.Optional(span),
  flapHalfLife: Type.Optional(span),
};

const weight = Type.Integer({ minimum: 1, maximum: 1000, description: 'a number from 1 to 1000' });

const probesShape = block({
  require: Type.Optional(
    Type.Union(
      [
        Type.Literal('all'),
        Type.Literal('any'),
        Type.Integer({ minimum: 1, maximum: 16 }),
        Type.String({ pattern: sharePattern }),
      ],
      { description: 'all, any, a number from 1 to 16 or a share from "1%" to "100%"' },
    ),
  ),
  ...pace,
  list: Type.Array(block({ ...target, weight: Type.Optional(weight) }), {
    description: 'a list of 1 to 16 probes',
    minItems: 1,
    maxItems: 16,
  }),
});

const share = text('a share from "1%" to "100%"', sharePattern);

/** Where a figure is read. */
export const figureFields = {
  http: Type.Optional(text('an http or https URL', '^https?://')),
  headers: Type.Optional(
    Type.Record(Type.String(), Type.String(), { description: 'header names and values' }),
  ),
  verify: Type.Optional(Type.Boolean({ description: 'true or false' })),
  answerHeader: Type.Optional(text('the name of a header')),
  json: Type.Optional(text('keys with dots between them, such as "pool.0.active"')),
  metric: Type.Optional(text('a metric, such as connections_active{proxy="web"}')),
};

/** Where a figure of load is read, and what it counts. */
const loadSource = block({
  ...figureFields,
  as: Type.Union([Type.Literal('load'), Type.Literal('connections'), Type.Literal('requests')], {
    description: 'load, connections or requests',
  }),
  full: Type.Optional(
    Type.Number({
      minimum: 0.001,
      maximum: 1_000_000,
      description: 'a number from 0.001 to 1000000',
    }),
  ),
});

const loadShape = block({
  capacity: Type.Optional(whole(1, 1_000_000_000)),
  connections: Type.Optional(whole(1, 1_000_000_000)),
  low: Type.Optional(share),
  high: Type.Optional(share),
  lifetime: Type.Optional(span),
  token: target.token,
  from: Type.Optional(
    Type.Array(loadSource, { description: 'a list of at most 16 places', maxItems: 16 }),
  ),
});

const address = text('an IP address');

export const regionShape = block({
  title: text('what people call the place'),
  country: text('two capital letters (ISO 3166-1)', '^[A-Z]{2}$'),
  latitude: Type.Number({ minimum: -90, maximum: 90, description: 'degrees from -90 to 90' }),
  longitude: Type.Number({ minimum: -180, maximum: 180, description: 'degrees from -180 to 180' }),
  weight: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 1000, description: 'a number from 0 to 1000' }),
  ),
  bias: Type.Optional(
    Type.Integer({ minimum: -99, maximum: 99, description: 'a number from -99 to 99' }),
  ),
  ipv4: Type.Optional(list(address, 'a list of IPv4 addresses')),
  ipv6: Type.Optional(list(address, 'a list of IPv6 addresses')),
  cname: Type.Optional(text('a host name')),
  url: Type.Optional(text('an http or https URL', '^https?://')),
  probe: Type.Optional(block({ ...target, ...pace })),
  probes: Type.Optional(probesShape),
  load: Type.Optional(loadShape),
  nameserver: Type.Optional(
    block({
      ipv4: Type.Optional(list(address, 'a list of IPv4 addresses')),
      ipv6: Type.Optional(list(address, 'a list of IPv6 addresses')),
    }),
  ),
});

export type RegionFile = Static<typeof regionShape>;

/** One probe, alone or among several. */
export type ProbeFile = NonNullable<RegionFile['probes']>['list'][number];

export type LoadSourceFile = Static<typeof loadSource>;
