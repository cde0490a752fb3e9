// The TCP probe: a port that takes a connection is healthy.

import { connect } from 'node:net';
import type { TcpProbe } from '../model/region.ts';

/** Resolves to an empty reason once connected; rejects with the error of the connection. */
export function probeTcp(spec: TcpProbe, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: spec.host, port: spec.port, signal });
    socket.on('connect', () => resolve(''));
    socket.on('error', reject);
  });
}
