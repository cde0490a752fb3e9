// Certificates as the main file names them: the director's own ones, whom it trusts, and those that stand for a token.

import type { Static } from 'typebox';
import type { HttpTls, PeerTls } from '../model/tls.ts';
import type { CertificateMark } from '../model/token.ts';
import { Type } from '../schema.ts';
import { block, text } from '../shape.ts';
import type { ConfigPath } from './document.ts';
import type { Refuser } from './values.ts';

const pemFile = text('the path of a PEM file');

/** Of DNS over TLS and HTTPS, and of the HTTP API where it names none of its own. */
export const tlsShape = block({ certificate: pemFile, key: pemFile });

export const peerTlsShape = block({
  ca: Type.Optional(pemFile),
  certificate: Type.Optional(pemFile),
  key: Type.Optional(pemFile),
});

export const httpTlsShape = block({
  certificate: Type.Optional(pemFile),
  key: Type.Optional(pemFile),
  clientCa: Type.Optional(pemFile),
  clientCertificate: Type.Optional(
    Type.Union([Type.Literal('optional'), Type.Literal('required')], {
      description: 'optional or required',
    }),
  ),
});

/** With colons as openssl prints it, or without; no URI has what an alternative name would be quoted for. */
export const certificateShape = block({
  sha256: Type.Optional(
    text(
      '64 digits from 0 to f, as openssl x509 -fingerprint -sha256 prints them',
      '^([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}$',
    ),
  ),
  uri: Type.Optional(text('a URI', '^[A-Za-z][A-Za-z0-9+.-]*:[!#-&(-+./0-9:-\\[\\]-~-]+$')),
  dns: Type.Optional(text('a host name', '^(\\*\\.)?[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*$')),
});

export function readHttpTls(
  file: Static<typeof httpTlsShape> | undefined,
  own: Static<typeof tlsShape> | undefined,
  reader: Refuser,
): HttpTls | undefined {
  if (file === undefined) return undefined;
  const at = ['http', 'tls'];
  const isHalf = refuseHalf(file, at, reader);
  const { certificate, key } = file.certificate === undefined ? (own ?? {}) : file;
  if (file.clientCertificate !== undefined && file.clientCa === undefined) {
    reader.refuse([...at, 'clientCertificate'], 'needs http.tls.clientCa');
  }
  if (certificate === undefined || key === undefined) {
    if (!isHalf) reader.refuse(at, 'needs certificate and key, here or in tls');
    return undefined;
  }
  const { clientCa, clientCertificate = 'optional' } = file;
  return { certificate, key, clientCa, clientCertificate };
}

export function readPeerTls(
  file: Static<typeof peerTlsShape> | undefined,
  reader: Refuser,
): PeerTls | undefined {
  if (file === undefined) return undefined;
  refuseHalf(file, ['gossip', 'peerTls'], reader);
  return { ca: file.ca, certificate: file.certificate, key: file.key };
}

/** Undefined where it is refused: it must say one thing. */
export function readMark(
  file: Static<typeof certificateShape>,
  at: ConfigPath,
  reader: Refuser,
): CertificateMark | undefined {
  const { sha256, uri, dns } = file;
  const marks: readonly (CertificateMark | undefined)[] = [
    sha256 === undefined
      ? undefined
      : { kind: 'sha256', value: sha256.replaceAll(':', '').toLowerCase() },
    uri === undefined ? undefined : { kind: 'uri', value: uri },
    dns === undefined ? undefined : { kind: 'dns', value: dns.toLowerCase() },
  ];
  const [mark, ...more] = marks.filter((each) => each !== undefined);
  if (mark !== undefined && more.length === 0) return mark;
  reader.refuse(at, 'want exactly one of sha256, uri, dns');
  return undefined;
}

/** True where one of the two is there alone. */
function refuseHalf(
  { certificate, key }: { readonly certificate?: string; readonly key?: string },
  at: ConfigPath,
  reader: Refuser,
): boolean {
  const isHalf = (certificate === undefined) !== (key === undefined);
  if (isHalf) reader.refuse(at, 'want certificate and key together, or neither');
  return isHalf;
}
