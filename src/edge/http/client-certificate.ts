// The certificate that a client has shown, as TLS has checked it.

import type { X509Certificate } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import type { FastifyRequest } from 'fastify';
import type { CertificateMark } from '../../model/token.ts';

export interface ClientCertificate {
  /** Why it counts for nothing, in words; undefined where one of ours has signed it and it is in force. */
  readonly reason: string | undefined;
  /** Everything that a token may know it by, as `wordOf` writes it. */
  readonly marks: ReadonlySet<string>;
}

/** Undefined where none was shown, or none was asked for. */
export function certificateOf({ socket }: FastifyRequest): ClientCertificate | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const known = seen.get(socket);
  const read = known ?? readOnce(socket);
  if (known === undefined) seen.set(socket, read);
  const { shown, endsAt } = read;
  // A connection may outlive it.
  return shown !== undefined && endsAt < Date.now()
    ? { ...shown, reason: shown.reason ?? 'it has ended' }
    : shown;
}

interface Read {
  readonly shown: ClientCertificate | undefined;
  readonly endsAt: number;
}

/** A handshake happens once for each connection. */
const seen = new WeakMap<TLSSocket, Read>();

/** Without a certificate Node may call a resumed connection authorized: only both together count. */
function readOnce(socket: TLSSocket): Read {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return { shown: undefined, endsAt: Number.POSITIVE_INFINITY };
  const words = String(socket.authorizationError ?? 'it was not checked');
  const reason = socket.authorized ? undefined : (reasons[words] ?? words);
  return {
    shown: { reason, marks: marksOf(certificate) },
    endsAt: Date.parse(certificate.validTo),
  };
}

const unsigned = 'nobody in http.tls.clientCa has signed it';

const reasons: Readonly<Record<string, string>> = {
  UNABLE_TO_GET_ISSUER_CERT: unsigned,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unsigned,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unsigned,
  DEPTH_ZERO_SELF_SIGNED_CERT: unsigned,
  SELF_SIGNED_CERT_IN_CHAIN: unsigned,
  CERT_SIGNATURE_FAILURE: unsigned,
  CERT_HAS_EXPIRED: 'it has ended',
  CERT_NOT_YET_VALID: 'it has not begun',
  INVALID_PURPOSE: 'it is not for clients',
};

export function wordOf({ kind, value }: CertificateMark): string {
  return `${kind} ${value}`;
}

function marksOf({ fingerprint256, subjectAltName = '' }: X509Certificate): Set<string> {
  const digest = fingerprint256.replaceAll(':', '').toLowerCase();
  return new Set([wordOf({ kind: 'sha256', value: digest }), ...namesIn(subjectAltName)]);
}

/**
 * Alternative names as Node prints them, `DNS:a, URI:b`, one that holds a comma or a quote as a JSON
 * string. No token may have such a name, so those are passed over, and with them nothing is hidden.
 */
export function namesIn(text: string): string[] {
  const names: string[] = [];
  const entry = /([A-Za-z ]+):(?:"(?:[^"\\]|\\.)*"|([^",]*))(?:, |$)/y;
  while (entry.lastIndex < text.length) {
    const match = entry.exec(text);
    // What cannot be read to its end is not believed in part.
    if (match === null) return [];
    const [, type, value] = match;
    if (value === undefined) continue;
    if (type === 'URI') names.push(wordOf({ kind: 'uri', value }));
    if (type === 'DNS') names.push(wordOf({ kind: 'dns', value: value.toLowerCase() }));
  }
  return names;
}
