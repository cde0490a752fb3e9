// A private certificate authority, made anew for each run by the system's openssl.

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Certificate } from './certificate.ts';

export interface Authority extends AsyncDisposable {
  /** Its own certificate, in PEM. */
  readonly ca: string;
  /** A certificate that it has signed for exactly this DNS name. */
  issue(name: string): Promise<Certificate>;
}

export async function createAuthority(name: string): Promise<Authority> {
  const folder = await mkdtemp(join(tmpdir(), 'meridian-authority-'));
  const openssl = (command: string): Promise<unknown> =>
    promisify(execFile)('openssl', command.split(' '), { cwd: folder });
  const read = (file: string): Promise<string> => readFile(join(folder, file), 'utf8');
  const newKey = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes';
  await openssl(`req -x509 ${newKey} -subj /CN=${name} -days 1 -keyout ca.key -out ca.pem`);
  return {
    ca: await read('ca.pem'),
    issue: async (host) => {
      await openssl(`req -new ${newKey} -subj /CN=${host} -keyout key.pem -out request.pem`);
      await writeFile(join(folder, 'names'), `subjectAltName=DNS:${host}\n`);
      await openssl(
        'x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 1 -extfile names -out cert.pem',
      );
      return { key: await read('key.pem'), cert: await read('cert.pem') };
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
