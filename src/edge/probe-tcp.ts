// The TCP probe: a port that takes a connection is healthy.

import { connect } from 'node:net';
import type { TcpProbe } from '../model/region.ts';
import type { Finding } from './probe-attempt.ts';
import type { Guard } from './probe-guard.ts';

/** Resolves to an empty reason once connected; rejects with the error of the connection. */
export function probeTcp(
  { host, port }: TcpProbe,
  { lookup }: Guard,
  signal: AbortSignal,
): Promise<Finding> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, lookup, signal });
    socket.on('connect', () => resolve({ reason: '' }));
    socket.on('error', reject);
  });
}
