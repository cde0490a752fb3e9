// What the main file says of the HTTP API → Settings['http'].

import type { Settings } from '../model/settings.ts';
import type { Token } from '../model/token.ts';
import { readSecret, type Vault } from './secret.ts';
import { type MainFile, tokenDigest } from './shape.ts';
import { readHttpTls, readMark } from './tls.ts';
import type { ValueReader } from './values.ts';

export function readHttpApi(
  { http, tls }: Pick<Partial<MainFile>, 'http' | 'tls'>,
  vault: Vault,
  reader: ValueReader,
): Settings['http'] {
  return {
    trustedProxies: reader.prefixes(http?.trustedProxies, ['http', 'trustedProxies']),
    tls: readHttpTls(http?.tls, tls, reader),
    tokens: readTokens(http, vault, reader),
    requestsPerSecond: http?.requestsPerSecond ?? 50,
    writesPerSecond: http?.writesPerSecond ?? 50,
  };
}

type TokenFile = NonNullable<NonNullable<MainFile['http']>['tokens']>[number];

function readTokens(http: MainFile['http'], vault: Vault, reader: ValueReader): Token[] {
  const asksForNone = http?.tls?.clientCa === undefined;
  return (http?.tokens ?? []).flatMap((file, i) => {
    const at = ['http', 'tokens', i];
    if (file.certificate !== undefined && asksForNone) {
      reader.refuse([...at, 'certificate'], 'needs http.tls.clientCa: nobody shows one without');
    }
    return readToken(file, at, vault, reader) ?? [];
  });
}

function readToken(
  { sha256, certificate, scope, name }: TokenFile,
  at: readonly (string | number)[],
  vault: Vault,
  reader: ValueReader,
): Token | undefined {
  if ((sha256 === undefined) === (certificate === undefined)) {
    reader.refuse(at, 'want exactly one of sha256, certificate');
    return undefined;
  }
  if (certificate !== undefined) {
    const mark = readMark(certificate, [...at, 'certificate'], reader);
    return mark && { certificate: mark, scope, name };
  }
  const digest = sha256 && readSecret(sha256, [...at, 'sha256'], tokenDigest, vault, reader);
  return digest === undefined ? undefined : { sha256: digest, scope, name };
}
