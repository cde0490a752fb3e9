// Certificates and keys in PEM files: read together, and whether TLS can be spoken with them.

import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { type Fault, FaultError } from '../model/fault.ts';
import { readWhole, wordsOf } from './whole-file.ts';

/** Paths of PEM files. */
export interface PemFiles {
  /** The chain with the own certificate first. Never without `key`. */
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
  /** Who may have signed the other side's certificates. */
  readonly ca?: string | undefined;
}

/** PEM texts; what is left out is as the system has it. */
export interface Pem {
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: string;
}

/** Octets beyond which this is no chain of certificates; all that a system trusts is 250 KiB. */
const largest = 1 << 20;

/** Rejects with a FaultError when a file cannot be read, holds something else, or does not fit the other. */
export async function readPem({ certificate, key, ca }: PemFiles): Promise<Pem> {
  const read = async (path: string | undefined, word: string): Promise<string | undefined> => {
    if (path === undefined) return undefined;
    const text = await readText(path);
    if (text.includes(`-----BEGIN ${word}`)) return text;
    throw unusable(`${path} holds no ${word.toLowerCase()} in PEM`);
  };
  const own = await read(certificate, 'CERTIFICATE');
  const secret = key === undefined ? undefined : await readText(key);
  const trusted = await read(ca, 'CERTIFICATE');
  if (own !== undefined) tryPair(own, secret, `${certificate} with ${key}`);
  if (trusted !== undefined) parseAll(trusted, String(ca));
  return {
    ...(own === undefined ? {} : { cert: own }),
    ...(secret === undefined ? {} : { key: secret }),
    ...(trusted === undefined ? {} : { ca: trusted }),
  };
}

/** That the own certificate has ended. A start goes on with it, since nothing else does for that. */
export function faultInTime(
  { certificate = '' }: PemFiles,
  { cert }: Pem,
  now: number,
): Fault | undefined {
  if (cert === undefined) return undefined;
  const { validTo } = new X509Certificate(cert);
  const end = Date.parse(validTo);
  if (!(end < now)) return undefined;
  const day = new Date(end).toISOString();
  return { code: 'tls.unusable', message: `${certificate} has ended: it was valid to ${day}` };
}

async function readText(path: string): Promise<string> {
  try {
    return (await readWhole(path, largest)).text;
  } catch (error) {
    throw unusable(`cannot read ${path}: ${wordsOf(error)}`, error);
  }
}

function tryPair(cert: string, key: string | undefined, names: string): void {
  try {
    // Throws when the key is not the certificate's.
    createSecureContext({ cert, key });
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw unusable(`cannot use ${names}: ${pairWords[code] ?? message}`, error);
  }
}

const pairWords: Readonly<Record<string, string>> = {
  ERR_OSSL_X509_KEY_VALUES_MISMATCH: 'it is the key of another certificate',
  ERR_OSSL_PEM_NO_START_LINE: 'there is no private key in PEM',
  ERR_OSSL_UNSUPPORTED: 'there is no private key in PEM that can be read',
};

/** TLS itself passes over what it cannot read, and would then trust nobody, or too few. */
function parseAll(text: string, path: string): void {
  const blocks = text.match(/-----BEGIN [^-]+-----[\s\S]*?(?:-----END [^-]+-----|$)/g) ?? [];
  for (const [i, block] of blocks.entries()) {
    try {
      void new X509Certificate(block);
    } catch (error) {
      throw unusable(
        `${path} holds something else than certificates, in its block ${i + 1}`,
        error,
      );
    }
  }
}

function unusable(message: string, cause?: unknown): FaultError {
  return new FaultError({ code: 'tls.unusable', message }, cause);
}
