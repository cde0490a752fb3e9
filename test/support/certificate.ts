// A certificate that signs itself, made anew for each run by the system's openssl.

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestContext } from 'node:test';
import type { Identity, KeyPair } from '../../src/edge/identity.ts';
import { makeFolder } from './folder.ts';

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

export interface Authority extends Certificate {
  /** Alternative names as openssl takes them, such as `DNS:a.test` and `IP:127.0.0.1`. */
  issue(names: readonly string[], days?: number): Promise<Certificate>;
}

/** Signs certificates of others, for servers and clients alike. */
export async function createAuthority(t: TestContext, name: string): Promise<Authority> {
  const folder = await makeFolder(t);
  const openssl = (...words: string[]): Promise<unknown> =>
    promisify(execFile)('openssl', words, { cwd: folder });
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const read = async (file: string): Promise<Certificate> => ({
    cert: await readFile(join(folder, `${file}.pem`), 'utf8'),
    key: await readFile(join(folder, `${file}.key`), 'utf8'),
  });
  const out = (file: string): string[] => ['-keyout', `${file}.key`, '-out', `${file}.pem`];
  await openssl('req', '-x509', ...curve, '-subj', `/CN=${name}`, '-days', '2', ...out('ca'));
  let count = 0;
  return {
    ...(await read('ca')),
    async issue(names, days = 1) {
      const file = `issued-${count++}`;
      const request = ['-keyout', `${file}.key`, '-out', `${file}.csr`, '-subj', '/CN=issued'];
      const extension = ['-addext', `subjectAltName=${names.join(',')}`];
      await openssl('req', '-new', ...curve, ...request, ...extension);
      const signer = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-copy_extensions', 'copy'];
      const span = ['-days', String(days), '-in', `${file}.csr`, '-out', `${file}.pem`];
      await openssl('x509', '-req', ...signer, ...span);
      return read(file);
    },
  };
}

/** An identity that never changes. */
export function fixedIdentity(pair: KeyPair): Identity {
  return {
    current: () => pair,
    onChange: () => undefined,
    look: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  };
}
