// The certificates of the HTTP API and of what peers are asked with, by paths that lie where the main file does.

import { resolve } from 'node:path';
import type { Secure } from '../edge/http/secure.ts';
import { type Kept, openIdentity, openTrust } from '../edge/identity.ts';
import type { Pem } from '../edge/pem.ts';
import type { Parts } from './parts.ts';

/** Undefined without TLS; throws a FaultError where the files cannot be used. */
export async function openSecure({
  cell,
  folder,
  clock,
  log,
  building,
}: Parts): Promise<Secure | undefined> {
  const { tls } = cell.view.snapshot.settings.http;
  if (tls === undefined) return undefined;
  const { clientCa, clientCertificate } = tls;
  const files = {
    certificate: resolve(folder, tls.certificate),
    key: resolve(folder, tls.key),
    ca: clientCa === undefined ? undefined : resolve(folder, clientCa),
  };
  const identity = building.use(await openIdentity({ ...files, clock, log }));
  return { identity, clientCertificate };
}

/** Undefined as the system does it; throws a FaultError where the files cannot be used. */
export async function openPeerTrust({
  cell,
  folder,
  clock,
  log,
  building,
}: Parts): Promise<Kept<Pem> | undefined> {
  const { peerTls } = cell.view.snapshot.settings.gossip;
  if (peerTls === undefined) return undefined;
  const at = (path: string | undefined) => (path === undefined ? path : resolve(folder, path));
  const { ca, certificate, key } = peerTls;
  const files = { ca: at(ca), certificate: at(certificate), key: at(key) };
  return building.use(await openTrust({ ...files, clock, log }));
}
