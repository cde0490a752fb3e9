// The shape of every request: paths, queries and bodies.

import type { OverrideRequest } from '../../model/override-request.ts';
import { Type } from '../../schema.ts';
import type { PeerPost } from '../peer-board.ts';
import { shapeOf } from './shape-of.ts';

const steeredName = Type.String({ description: 'a steered name' });

export const goParams = Type.Object({ name: steeredName });

export const goBelowParams = Type.Object({
  name: steeredName,
  '*': Type.String({ description: 'the rest of the path' }),
});

export const regionParams = Type.Object({ region: Type.String() });

/** What it may be and how long is said where the two are used together. */
export const waitQuery = Type.Object(
  {
    wait: Type.Optional(
      Type.String({
        maxLength: 20,
        description: 'a time from 0s to 55s, such as 30s: how long to wait for another epoch',
      }),
    ),
    epoch: Type.Optional(
      Type.String({
        pattern: '^\\d{1,15}$',
        description: 'a whole number: the epoch that you know',
      }),
    ),
  },
  { additionalProperties: false },
);

export const conditionHeaders = Type.Object({
  'if-none-match': Type.Optional(
    Type.String({ description: 'the ETag of what you hold; 304 if it still says the same' }),
  ),
});

export const formHeaders = Type.Object({
  ...conditionHeaders.properties,
  accept: Type.Optional(
    Type.String({
      description: 'application/json, which is the default, text/html or text/markdown',
    }),
  ),
});

const matchHeaders = Type.Object({
  'if-match': Type.Optional(
    Type.String({
      maxLength: 1000,
      description: 'the ETag of what you hold, or *; 412 if it is no longer so',
    }),
  ),
});

export const writeHeaders = Type.Object({
  ...matchHeaders.properties,
  'idempotency-key': Type.Optional(
    Type.String({
      maxLength: 300,
      description:
        'a new one for each thing that is to happen; sent again within 24 h, it gets the same answer',
    }),
  ),
});

export const eventHeaders = Type.Object({
  'last-event-id': Type.Optional(
    Type.String({ maxLength: 200, description: 'the id of the last event that you have' }),
  ),
});

export const idParams = Type.Object({ id: Type.String() });

export const resolveQuery = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 1024, description: 'a domain name' }),
    type: Type.Optional(
      Type.String({ minLength: 1, maxLength: 16, default: 'A', description: 'a record type' }),
    ),
    client: Type.Optional(
      Type.String({ minLength: 1, maxLength: 64, description: 'an address or a prefix' }),
    ),
    resolver: Type.Optional(
      Type.String({ minLength: 1, maxLength: 64, description: 'the address of a resolver' }),
    ),
    explain: Type.Optional(Type.Enum(['0', '1'], { description: '1 for the trail, or 0' })),
  },
  { additionalProperties: false },
);

export const overrideKind = Type.Enum(['drain', 'down', 'up'], {
  description: 'drain, down or up',
});

const ruleName = Type.String({ minLength: 1, maxLength: 40 });

const ruleReason = Type.String({ minLength: 1, maxLength: 200, description: 'why' });

export const addQuery = Type.Object(
  {
    dryRun: Type.Optional(
      Type.Enum(['0', '1'], { description: '1 to be told what the safety rules would say, or 0' }),
    ),
  },
  { additionalProperties: false },
);

export const overrideRequest = shapeOf<OverrideRequest>()(
  Type.Object(
    {
      region: Type.String({ minLength: 1, maxLength: 40, description: 'the id of a region' }),
      kind: overrideKind,
      actor: Type.String({ minLength: 1, maxLength: 200, description: 'who says so' }),
      reason: Type.String({ minLength: 1, maxLength: 200, description: 'why' }),
      for: Type.Optional(
        Type.String({ minLength: 1, maxLength: 20, description: 'a time such as 10m' }),
      ),
      service: Type.Optional(
        Type.String({ minLength: 1, maxLength: 1024, description: 'a steered name' }),
      ),
      endpoint: Type.Optional(
        Type.String({ minLength: 1, maxLength: 64, description: 'an address of the region' }),
      ),
      share: Type.Optional(
        Type.Number({
          exclusiveMinimum: 0,
          maximum: 1,
          description: 'a share of client networks above 0 up to 1',
        }),
      ),
      permanent: Type.Optional(
        Type.Boolean({ description: 'true, with the region in confirm and no time, or false' }),
      ),
      confirm: Type.Optional(
        Type.String({ minLength: 1, maxLength: 40, description: 'the region once more' }),
      ),
      breakGlass: Type.Optional(
        Type.Object(
          { rules: Type.Array(ruleName, { minItems: 1, maxItems: 32 }), reason: ruleReason },
          { additionalProperties: false, description: 'rules to override, and a reason' },
        ),
      ),
    },
    { additionalProperties: false },
  ),
);

export const signedOverride = Type.Object(
  {
    signed: Type.String({
      minLength: 1,
      maxLength: 8192,
      description: 'what another director answered as signed',
    }),
  },
  { additionalProperties: false },
);

export const endQuery = Type.Object(
  {
    actor: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        default: 'anonymous',
        description: 'who says so',
      }),
    ),
    breakGlass: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 400,
        description: 'names of safety rules to override, separated by commas',
      }),
    ),
    because: Type.Optional(ruleReason),
  },
  { additionalProperties: false },
);

const instant = (description: string) =>
  Type.String({
    // Of all that the format allows, what is written here too; and no leap second, which no clock of ours has.
    pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:[0-5]\\d(\\.\\d{3})?Z$',
    format: 'date-time',
    description: `a moment such as 2026-05-01T12:00:00Z: ${description}`,
  });

export const timelineQuery = Type.Object(
  {
    since: Type.Optional(instant('entries from then on')),
    until: Type.Optional(instant('entries before then')),
    region: Type.Optional(
      Type.String({ minLength: 1, maxLength: 40, description: 'the id of a region' }),
    ),
    service: Type.Optional(
      Type.String({ minLength: 1, maxLength: 1024, description: 'a steered name' }),
    ),
    after: Type.Optional(
      Type.String({ minLength: 1, maxLength: 100, description: '`next` of the page before' }),
    ),
    limit: Type.Optional(
      Type.String({
        pattern: '^([1-9]\\d{0,2}|1000)$',
        default: '1000',
        description: 'a number from 1 to 1000',
      }),
    ),
  },
  { additionalProperties: false },
);

export const peerPost = shapeOf<PeerPost & { readonly mac: string }>()(
  Type.Object(
    {
      life: Type.String({ maxLength: 100, description: 'the life that GET tells' }),
      slot: Type.String({ pattern: '^[!-~]{1,100}$', description: 'the name of a slot' }),
      value: Type.String({ minLength: 1, description: 'a signed vote or override' }),
      lifetimeMs: Type.Integer({
        minimum: 1,
        maximum: 8 * 86_400_000,
        description: 'milliseconds, at most 8 days',
      }),
      mac: Type.String({ maxLength: 100, description: 'the seal over all of this' }),
    },
    { additionalProperties: false },
  ),
);

/** RFC 8484 §4.1: a whole message, at most 4096 octets, in base64url. */
export const dnsQuery = Type.Object({
  dns: Type.String({ minLength: 16, maxLength: 5462, description: 'a DNS message in base64url' }),
});

/** RFC 8484 §6: the octets as they are, which is no matter for a schema. */
export const dnsMessage = {
  description: 'A DNS message',
  content: { 'application/dns-message': { schema: Type.Unknown({ description: 'its octets' }) } },
};
