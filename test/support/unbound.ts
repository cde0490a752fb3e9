// A real recursive resolver on loopback: Unbound, which walks down from a parent zone and sends client subnets.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './ports.ts';
import { launchServer } from './redis.ts';

export interface Resolver extends AsyncDisposable {
  readonly port: number;
}

export interface ResolverOptions {
  /** Address of the server for `test`, on port 53: everything else follows from its referrals. */
  readonly parent: string;
  /** Who is sent client subnets (RFC 7871 §11.1 has resolvers name them). */
  readonly sendsSubnetTo: string;
  /** Asks over TCP alone. */
  readonly isTcpOnly?: boolean;
}

/** Listens on a free port of 127.0.0.1 with an empty cache; rejects when it cannot. */
export async function startUnbound(options: ResolverOptions): Promise<Resolver> {
  const folder = await mkdtemp(join(tmpdir(), 'meridian-unbound-'));
  const port = await freePort();
  const file = join(folder, 'unbound.conf');
  await writeFile(file, configuration(port, folder, options));
  // It tells standard error that it is ready.
  const words = ['sh', '-c', 'exec unbound -d -c "$0" 2>&1', file];
  const child = await launchServer(words, 'start of service');
  return {
    port,
    async [Symbol.asyncDispose]() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.ref();
      child.kill('SIGKILL');
      await gone;
      await rm(folder, { recursive: true });
    },
  };
}

function configuration(port: number, folder: string, options: ResolverOptions): string {
  return `
server:
  directory: "${folder}"
  pidfile: "${folder}/unbound.pid"
  chroot: ""
  username: ""
  use-syslog: no
  verbosity: 1
  interface: 127.0.0.1
  port: ${port}
  do-ip6: no
  do-not-query-localhost: no
  module-config: "subnetcache iterator"
  send-client-subnet: ${options.sendsSubnetTo}
  tcp-upstream: ${options.isTcpOnly === true ? 'yes' : 'no'}
  # The whole of test is empty otherwise (RFC 6761).
  local-zone: "test." nodefault
remote-control:
  control-enable: no
stub-zone:
  name: "test."
  stub-addr: ${options.parent}
`;
}
