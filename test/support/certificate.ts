// A certificate that signs itself, made anew for each run by the system's openssl.

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Identity } from '../../src/edge/identity.ts';

export interface Certificate {
  /** PEM. */
  readonly key: string;
  /** PEM. */
  readonly cert: string;
}

/** For exactly this DNS name; a negative number of days makes one that has expired. */
export async function selfSigned(name: string, days = 1): Promise<Certificate> {
  const folder = await mkdtemp(join(tmpdir(), 'meridian-certificate-'));
  const openssl = (command: string): Promise<unknown> =>
    promisify(execFile)('openssl', command.split(' '), { cwd: folder });
  try {
    await openssl(
      `req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=${name} -addext subjectAltName=DNS:${name} -keyout key.pem -out request.pem`,
    );
    await openssl(
      `x509 -req -in request.pem -signkey key.pem -days ${days} -copy_extensions copy -out cert.pem`,
    );
    const read = (file: string): Promise<string> => readFile(join(folder, file), 'utf8');
    return { key: await read('key.pem'), cert: await read('cert.pem') };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** An identity that never changes. */
export function fixedIdentity(pair: Certificate): Identity {
  return {
    current: () => pair,
    onChange: () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  };
}
