// A link to a peer: requests to another director, bounded in time, size and connections.

import type { Agent as PlainAgent, IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { millis } from '../model/time.ts';
import type { Clock } from '../ports.ts';
import { linkWords } from './board-state.ts';
import { Agent as HttpAgent, request as requestHttp } from './node-http.ts';
import type { Pem } from './pem.ts';
import type { TrafficMeter } from './traffic.ts';

export interface PeerLink {
  /** Asks with GET, or with POST when there is a body; rejects with the reason in words. */
  ask(body?: string): Promise<string>;
  close(): void;
}

/** Long enough for the slowest pair of continents. */
const answerTimeout = millis(1000);

/** Octets of an answer: what a director's board holds, and what JSON adds to it. */
const answerLimit = 6 * 1024 * 1024;

/** A burst of posts waits its turn here, and not as so many connections at a peer in need. */
const mostConnections = 4;

/** `pem` is asked for each call: a new certificate is shown over new connections. */
export function openPeerLink(
  url: URL,
  clock: Clock,
  traffic: TrafficMeter,
  pem: () => Pem | undefined = () => undefined,
): PeerLink {
  const agent = new (isSecure(url) ? HttpsAgent : HttpAgent)({
    keepAlive: true,
    maxSockets: mostConnections,
  });
  const closing = new AbortController();
  return {
    ask: async (body) => {
      // Not AbortSignal.any: what it ties to the long-lived signal stays there until collected.
      const limit = new AbortController();
      const stop = (): void => limit.abort();
      closing.signal.addEventListener('abort', stop);
      if (closing.signal.aborted) stop();
      void clock.sleep(answerTimeout, limit.signal).then(stop);
      try {
        return await exchange(url, { ...pem(), agent, signal: limit.signal }, body, traffic);
      } catch (error) {
        const late = limit.signal.aborted ? 'no answer in time' : wordsFor(error);
        throw new Error(closing.signal.aborted ? 'closed' : late, { cause: error });
      } finally {
        closing.signal.removeEventListener('abort', stop);
        stop();
      }
    },
    close: () => {
      closing.abort();
      agent.destroy();
    },
  };
}

/** Redirects are answers like any other: configuration alone says who is a peer. */
function exchange(
  url: URL,
  options: Pem & { readonly agent: PlainAgent; readonly signal: AbortSignal },
  body: string | undefined,
  traffic: TrafficMeter,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST';
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const headers = { 'user-agent': 'meridian', accept: 'application/json', ...type };
    const send = isSecure(url) ? requestHttps : requestHttp;
    const request = send(url, { method, headers, ...options });
    // Such as after 101 Switching Protocols, which is neither a response nor an error.
    const closeUnanswered = (): void => reject(new Error('connection closed without an answer'));
    request.on('socket', traffic.watch);
    request.on('close', closeUnanswered);
    request.on('error', reject);
    request.on('response', (response) => {
      request.off('close', closeUnanswered);
      readAnswer(response).then(resolve, reject);
    });
    request.end(body);
  });
}

function isSecure(url: URL): boolean {
  return url.protocol === 'https:';
}

async function readAnswer(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > answerLimit) throw new Error('its answer is too long');
  }
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 300) return Buffer.concat(chunks).toString();
  throw new Error(refusals[status] ?? `it answered with status ${status}`);
}

const refusals: Readonly<Record<number, string>> = {
  403: 'it refused the seal: has it started anew, or has it other gossip.secrets?',
  404: 'it hands out no votes: are gossip.peers set there?',
  429: 'it gets too many requests',
};

function wordsFor(error: unknown): string {
  const { code, message } = error as Partial<NodeJS.ErrnoException>;
  const known = code === undefined ? undefined : linkWords[code];
  return known ?? message?.replaceAll(/\p{Cc}+/gu, ' ').slice(0, 200) ?? 'failed';
}
