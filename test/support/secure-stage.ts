// The HTTP API over TLS on loopback, before a fake control side, and clients with certificates.

import { type Agent, request } from 'node:https';
import type { TestContext } from 'node:test';
import { startHttp } from '../../src/edge/http/server.ts';
import type { Identity, KeyPair } from '../../src/edge/identity.ts';
import type { HttpTls } from '../../src/model/tls.ts';
import type { Token } from '../../src/model/token.ts';
import { type Authority, type Certificate, createAuthority } from './certificate.ts';
import { type HttpStage, setStage } from './http-stage.ts';

export interface SecureStage {
  readonly http: HttpStage;
  readonly port: number;
  readonly ours: Authority;
  /** Has the server take over what is given. */
  renew(pem: Partial<KeyPair>): void;
}

export async function openSecureStage(
  t: TestContext,
  tokens: (ours: Authority) => readonly Token[] | Promise<readonly Token[]>,
  wanted: {
    readonly clientCertificate?: HttpTls['clientCertificate'];
    readonly http?: Partial<HttpStage['http']>;
  } = {},
): Promise<SecureStage> {
  const ours = await createAuthority(t, 'ours.test');
  const pair = await ours.issue(['IP:127.0.0.1', 'DNS:localhost']);
  let current: KeyPair = { ...pair, ca: ours.cert };
  const listeners: ((pem: KeyPair) => void)[] = [];
  const identity: Identity = {
    current: () => current,
    onChange: (listener) => void listeners.push(listener),
    look: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  };
  const http = setStage({ tokens: await tokens(ours), ...wanted.http });
  const server = await startHttp({
    ...http.doors,
    listen: { host: '127.0.0.1', port: 0 },
    secure: { identity, clientCertificate: wanted.clientCertificate ?? 'optional' },
  });
  t.after(() => server[Symbol.asyncDispose]());
  return {
    http,
    ours,
    port: server.address.port,
    renew(pem) {
      current = { ...current, ...pem };
      for (const listener of listeners) listener(current);
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly json: Record<string, unknown>;
}

export interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly as?: Certificate;
  readonly headers?: Readonly<Record<string, string>>;
  readonly agent?: Agent;
  readonly body?: unknown;
}

export function ask({ port, ours }: SecureStage, asked: Asked = {}): Promise<Answer> {
  const { method = 'GET', path = '/v1/overrides', as, headers = {}, agent = false, body } = asked;
  const text = body === undefined ? undefined : JSON.stringify(body);
  const options = { host: '127.0.0.1', port, method, path, agent, ca: ours.cert, ...as };
  const type = text === undefined ? {} : { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const sent = request({ ...options, headers: { ...headers, ...type } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const json = JSON.parse(Buffer.concat(chunks).toString() || '{}') as Answer['json'];
        resolve({ status: response.statusCode ?? 0, headers: response.headers, json });
      });
    });
    sent.on('error', reject);
    sent.end(text);
  });
}
