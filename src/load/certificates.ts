// The certificates that settings name, looked at as a start does: what cannot be used, each told once.

import { dirname, resolve } from 'node:path';
import { faultInTime, type PemFiles, readPem } from '../edge/pem.ts';
import { type Fault, FaultError } from '../model/fault.ts';
import type { Settings } from '../model/settings.ts';

/** `config` is the path of the main file, and `now` Unix milliseconds. */
export async function faultsInCertificates(
  { tls, http, gossip }: Pick<Settings, 'tls' | 'http' | 'gossip'>,
  config: string,
  now: number,
): Promise<Fault[]> {
  const found = new Map<string, Fault>();
  const at = (path: string | undefined) => path && resolve(dirname(config), path);
  const named = [tls, http.tls && { ...http.tls, ca: http.tls.clientCa }, gossip.peerTls];
  for (const each of named.filter((one) => one !== undefined)) {
    const { certificate, key, ca }: PemFiles = each;
    const fault = await faultIn({ certificate: at(certificate), key: at(key), ca: at(ca) }, now);
    if (fault !== undefined) found.set(fault.message, fault);
  }
  return [...found.values()];
}

async function faultIn(files: PemFiles, now: number): Promise<Fault | undefined> {
  try {
    return faultInTime(files, await readPem(files), now);
  } catch (error) {
    if (error instanceof FaultError) return error.fault;
    throw error;
  }
}
