// Load over HTTPS, for `drive` in doh.ts: GET requests over HTTP/2 connections, one JSON line at the end.

import { readFileSync } from 'node:fs';
import { type ClientHttp2Session, connect } from 'node:http2';
import { connect as connectTls } from 'node:tls';
import { percentile } from './table.ts';

/** Its only argument, in JSON. */
export interface DohLoad {
  readonly port: number;
  /** A file of `writeMessages`, whose first message is sent. */
  readonly messages: string;
  readonly seconds: number;
  readonly clients: number;
  /** Requests on their way on each connection. */
  readonly window: number;
  /** Requests a second in all; as many as come back where it is left out. */
  readonly perSecond?: number | undefined;
}

export interface DohReport {
  readonly answered: number;
  readonly lost: number;
  readonly perSecond: number;
  readonly codes: Readonly<Record<string, number>>;
  readonly half: number;
  readonly p99: number;
}

if (import.meta.main) {
  console.log(JSON.stringify(await run(JSON.parse(process.argv[2] ?? '') as DohLoad)));
}

async function run({
  port,
  messages,
  seconds,
  clients,
  window,
  perSecond,
}: DohLoad): Promise<DohReport> {
  const bytes = readFileSync(messages);
  const query = bytes.subarray(2, 2 + bytes.readUInt16BE(0)).toString('base64url');
  const path = `/dns-query?dns=${query}`;
  const sessions = await Promise.all(Array.from({ length: clients }, (_, i) => open(port, i)));
  const codes: Record<string, number> = {};
  const micros: number[] = [];
  let failed = 0;
  let answered = 0;
  const start = performance.now();
  const end = start + seconds * 1000;
  // This very program is slow at first, and would time itself.
  const warm = start + (seconds * 1000) / 3;
  const gap = perSecond === undefined ? 0 : (1000 * clients * window) / perSecond;
  const chain = async (session: ClientHttp2Session, at: number): Promise<void> => {
    for (let due = start + at; ; due += gap) {
      const wait = due - performance.now();
      if (gap > 0 && wait > 0.5) await new Promise((resolve) => setTimeout(resolve, wait));
      const before = performance.now();
      if (before >= end) return;
      const code = await ask(session, path);
      if (code === undefined) failed++;
      else {
        codes[code] = (codes[code] ?? 0) + 1;
        answered++;
        if (before >= warm) micros.push((performance.now() - before) * 1000);
      }
    }
  };
  // Requests of a bounded load are spread over the gap, or all would come at once.
  const chains = sessions.flatMap((session, i) =>
    Array.from({ length: window }, (_, j) =>
      chain(session, (gap * (i * window + j)) / (clients * window)),
    ),
  );
  await Promise.all(chains);
  const taken = (performance.now() - start) / 1000;
  for (const session of sessions) session.destroy();
  const sorted = Float64Array.from(micros).toSorted();
  return {
    answered,
    lost: failed,
    perSecond: answered / taken,
    codes,
    half: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
  };
}

/** Each connection comes from an address of its own, because servers bound what one address asks. */
function open(port: number, number: number): Promise<ClientHttp2Session> {
  const from = { localAddress: `127.0.0.${number + 2}` };
  const tls = { ALPNProtocols: ['h2'], rejectUnauthorized: false };
  const socket = connectTls({ port, host: '127.0.0.1', ...from, ...tls });
  const session = connect('https://localhost', { createConnection: () => socket });
  return new Promise((resolve, reject) => {
    session.once('connect', () => resolve(session));
    session.once('error', reject);
  });
}

/** The status of one answer that has come whole; undefined where none came. */
function ask(session: ClientHttp2Session, path: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const stream = session.request({ ':path': path, accept: 'application/dns-message' });
    let code: number | undefined;
    stream.on('response', (headers) => {
      code = Number(headers[':status']);
    });
    stream.on('error', () => resolve(undefined));
    stream.on('data', () => undefined);
    stream.on('end', () => resolve(code));
  });
}
