// Header fields of answers, for the OpenAPI document: a test holds them against what is sent.

interface Field {
  readonly description: string;
  /** Sent with each answer of its kind, or with some. */
  readonly required: boolean;
  readonly schema: { readonly type: 'string' | 'integer' };
}

type Fields = Readonly<Record<string, Field>>;

export interface Operation {
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
  readonly responses?: Readonly<Record<string, object>>;
}

const always = (description: string): Field => ({
  description,
  required: true,
  schema: { type: 'string' },
});
const sometimes = (description: string): Field => ({ ...always(description), required: false });

const everywhere: Fields = {
  'x-request-id': always(
    'What the log and the audit log call the request: yours, if it can be kept',
  ),
  'cache-control': always('Whether the answer may be used again'),
  'x-content-type-options': always('nosniff'),
};

const tag: Fields = {
  etag: always(
    'What you hold then, for If-None-Match, and for If-Match where it can be written to',
  ),
};

const varied: Fields = { vary: sometimes('Accept: there are other forms of it') };

const replayed: Fields = {
  'idempotency-replayed': sometimes('true: the first answer to this Idempotency-Key, once more'),
};

const byStatus: Readonly<Record<string, Fields>> = {
  201: { location: always('The address of what was made') },
  401: { 'www-authenticate': always('Bearer: what to come with') },
  429: {
    'retry-after': {
      description: 'Seconds after which there is room again',
      required: true,
      schema: { type: 'integer' },
    },
  },
  default: { 'retry-after': sometimes('Seconds to wait where there is no room (503)') },
};

/** Nothing is kept of these, whatever key they came with. */
const passing: ReadonlySet<string> = new Set(['401', '403', '412', '429']);

/** The operation with the header fields of each of its answers, beside those it names itself. */
export function withHeaders(operation: Operation): Operation {
  const { parameters = [], responses = {} } = operation;
  const takes = (name: string): boolean =>
    parameters.some((each) => each.in === 'header' && each.name === name);
  const entries = Object.entries(responses).map(([status, response]) => {
    const own = (response as { readonly headers?: object }).headers;
    const isGood = /^[23]/.test(status);
    const headers = {
      ...everywhere,
      ...(isGood && takes('if-none-match') ? tag : {}),
      ...(takes('idempotency-key') && !passing.has(status) ? replayed : {}),
      ...(takes('accept') ? varied : {}),
      ...byStatus[status],
      ...own,
    };
    return [status, { ...response, headers }] as const;
  });
  return { ...operation, responses: Object.fromEntries(entries) };
}
