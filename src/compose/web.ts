// The ways in for HTTP, whose server is loaded beside everything else that a start waits for.

import type { HttpDoors } from '../edge/http/app.ts';
import type { Identity } from '../edge/identity.ts';
import { socketsAt } from '../edge/sockets.ts';
import type { Metrics } from '../edge/metrics.ts';
import type { MetricReadings } from '../edge/metric-readings.ts';
import type { Endpoint } from '../model/settings.ts';
import { openSecure } from './certificates.ts';
import type { Parts } from './parts.ts';

export type Web = Awaited<ReturnType<typeof loadWeb>>;

export async function loadWeb() {
  const { startHttp } = await import('../edge/http/server.ts');
  const { startDoh } = await import('../edge/http/doh.ts');
  return { startHttp, startDoh };
}

export interface Listening {
  readonly http: Endpoint;
  readonly encrypted: readonly Endpoint[];
  /** Looks at the certificates of the API now, and not in a minute. */
  lookAtCertificates(): Promise<void>;
}

/** HTTP, and DNS over HTTPS where the server has a certificate to show. */
export async function listenHttp(
  { startHttp, startDoh }: Web,
  parts: Parts,
  door: HttpDoors,
  identity: Identity | undefined,
): Promise<Listening> {
  const { cell, handed, building } = parts;
  const { listen } = cell.view.snapshot.settings;
  const at = (endpoint: Endpoint) => {
    return { ...door, listen: endpoint, fd: socketsAt(handed, 'tcp', endpoint)[0] };
  };
  const secure = await openSecure(parts);
  const http = building.use(await startHttp({ ...at(listen.http), secure }));
  const encrypted: Endpoint[] = [];
  for (const endpoint of listen.doh) {
    if (identity === undefined) break;
    const doh = building.use(await startDoh({ ...at(endpoint), identity }));
    encrypted.push(doh.address);
  }
  const lookAtCertificates = async (): Promise<void> => secure?.identity.look();
  return { http: http.address, encrypted, lookAtCertificates };
}

/** Its library is loaded at the first scrape, which can wait for it. */
export function openMetrics(readings: MetricReadings): Metrics {
  let opened: Promise<Metrics> | undefined;
  const open = async (): Promise<Metrics> =>
    (await import('../edge/metrics.ts')).createMetrics(readings);
  return { render: async () => (await (opened ??= open())).render() };
}
