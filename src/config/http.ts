// What the main file says of the HTTP API → Settings['http'].

import type { Settings } from '../model/settings.ts';
import { readSecret, type Vault } from './secret.ts';
import { type MainFile, tokenDigest } from './shape.ts';
import type { ValueReader } from './values.ts';

export function readHttpApi(
  http: MainFile['http'],
  vault: Vault,
  reader: ValueReader,
): Settings['http'] {
  return {
    trustedProxies: reader.prefixes(http?.trustedProxies, ['http', 'trustedProxies']),
    tokens: readTokens(http, vault, reader),
    requestsPerSecond: http?.requestsPerSecond ?? 50,
    writesPerSecond: http?.writesPerSecond ?? 50,
  };
}

function readTokens(http: MainFile['http'], vault: Vault, reader: ValueReader) {
  return (http?.tokens ?? []).flatMap(({ sha256: kept, scope, name }, i) => {
    const sha256 = readSecret(kept, ['http', 'tokens', i, 'sha256'], tokenDigest, vault, reader);
    return sha256 === undefined ? [] : [{ sha256, scope, name }];
  });
}
