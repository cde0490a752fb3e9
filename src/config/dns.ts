// The `dns` block of the main file: what the server says of itself, and cookies.

import { type Static, Type } from 'typebox';
import type { DnsSettings } from '../model/settings.ts';
import { block, list, secret, span, text } from './shape.ts';
import type { ValueReader } from './values.ts';

const identity = text('visible ASCII, at most 255 characters', '^[ -~]{1,255}$');

export const dnsShape = block({
  nsid: Type.Optional(
    Type.Union([identity, Type.Literal(false)], { description: 'a text or false' }),
  ),
  version: Type.Optional(identity),
  id: Type.Optional(identity),
  tcpIdle: Type.Optional(span),
  cookies: Type.Optional(
    block({
      secrets: Type.Optional(
        list(secret('32 digits from 0 to f', '^[0-9a-f]{32}$'), 'a list of secrets'),
      ),
      require: Type.Optional(Type.Boolean({ description: 'true or false' })),
    }),
  ),
});

/** `id` is the director's, which a reply names to those who ask for it (RFC 5001) unless told otherwise. */
export function readDns(raw: unknown, id: string, reader: ValueReader): DnsSettings {
  const { part: file } = raw === undefined ? unread : reader.part(dnsShape, raw, ['dns']);
  return {
    nsid: file.nsid === false ? '' : (file.nsid ?? id),
    chaos: { version: file.version, id: file.id },
    // RFC 7766 §6.2.3 asks for seconds; ten is the middle of what name servers use.
    tcpIdle: reader.span(file.tcpIdle, ['dns', 'tcpIdle'], 10_000, 1000, 600_000),
    cookies: {
      secrets: file.cookies?.secrets ?? [],
      isRequired: file.cookies?.require ?? false,
    },
  };
}

const unread: { part: Partial<Static<typeof dnsShape>> } = { part: {} };
