// The `webhooks` block of the main file: whom to tell of which events.

import {
  type HookEvent,
  hookEvents,
  urgentEvents,
  type WebhookSettings,
} from '../model/webhook.ts';
import { Type } from '../schema.ts';
import { block, list, oneOf, span, text } from '../shape.ts';
import type { ConfigPath } from './document.ts';
import { readSecret, type Vault } from './secret.ts';
import { keptSecret, type SecretWish } from './shape.ts';
import type { ValueReader } from './values.ts';

const hookUrl: SecretWish = { wish: 'an http or https URL', pattern: '^https?://[^\\s]+$' };

/** Standard Webhooks: 24 to 64 octets. */
const hookSecret: SecretWish = {
  wish: 'whsec_ and the base64 of 24 to 64 octets',
  pattern: '^whsec_[A-Za-z0-9+/]{32,86}={0,2}$',
};

export const webhookShape = block({
  name: text('letters, digits and hyphens, at most 64', '^[A-Za-z0-9][A-Za-z0-9-]{0,63}$'),
  url: keptSecret(hookUrl),
  secrets: Type.Array(keptSecret(hookSecret), {
    minItems: 1,
    maxItems: 2,
    description: 'a list of one or two secrets',
  }),
  events: Type.Optional(list(oneOf(hookEvents), 'a list of at least one event', 1)),
  from: Type.Optional(oneOf(['all', 'one'])),
  retryFor: Type.Optional(span),
  networks: Type.Optional(
    list(text('a network such as 192.0.2.0/24'), 'a list of at least one network', 1),
  ),
});

/** Each has a queue and a connection of its own. */
const mostHooks = 16;

const minute = 60_000;
const day = 86_400_000;

export function readWebhooks(
  files: readonly unknown[] | undefined,
  vault: Vault,
  reader: ValueReader,
): WebhookSettings[] {
  if (files === undefined) return [];
  if (files.length > mostHooks) reader.refuse(['webhooks'], `want at most ${mostHooks} webhooks`);
  const hooks = files.slice(0, mostHooks).flatMap((file, i) => {
    const hook = readWebhook(file, ['webhooks', i], vault, reader);
    return hook === undefined ? [] : [hook];
  });
  for (const [i, { name }] of hooks.entries()) {
    if (hooks.findIndex((hook) => hook.name === name) === i) continue;
    reader.refuse(['webhooks'], `names ${name} twice`);
  }
  return hooks;
}

function readWebhook(
  value: unknown,
  at: ConfigPath,
  vault: Vault,
  reader: ValueReader,
): WebhookSettings | undefined {
  const file = reader.shape(webhookShape, value, at);
  if (file === undefined) return undefined;
  const url = readSecret(file.url, [...at, 'url'], hookUrl, vault, reader);
  if (url !== undefined && !isPlain(url)) {
    const words = `want ${hookUrl.wish} without a user name: webhooks are signed`;
    reader.refuse([...at, 'url'], words);
  }
  const secrets = file.secrets.flatMap((kept, i) => {
    const secret = readSecret(kept, [...at, 'secrets', i], hookSecret, vault, reader);
    return secret ?? [];
  });
  const events: readonly HookEvent[] = file.events ?? urgentEvents;
  reader.refuseRepeats(events, [...at, 'events']);
  return {
    name: file.name,
    url: url ?? '',
    secrets,
    events,
    from: file.from ?? 'all',
    retryFor: reader.span(file.retryFor, [...at, 'retryFor'], day, minute, 7 * day),
    networks: file.networks && reader.prefixes(file.networks, [...at, 'networks'], 128),
  };
}

function isPlain(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && url.username === '' && url.password === '';
}
