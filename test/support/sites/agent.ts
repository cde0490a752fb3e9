// The test's hand at a site: a process there that asks and fetches for it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { AskPlan, AskReport } from './asker.ts';
import type { Endpoint, Network } from './network.ts';
import type { Site } from './link.ts';
import type { AgentOrder, Fetched } from './site-agent.ts';

export interface Agent extends AsyncDisposable {
  /** Begins to ask; once in an agent's life. */
  ask(plan: AskPlan): Promise<void>;
  report(): Promise<AskReport>;
  /** Rejects when the server does not answer within 20 seconds. */
  fetch(url: string, method?: string, body?: unknown): Promise<Fetched>;
  /** Sends whatever it is, datagram by datagram or over one connection. */
  send(over: 'udp' | 'tcp', to: Endpoint, packets: readonly Uint8Array[]): Promise<void>;
}

export async function startAgent(network: Network, site: Site): Promise<Agent> {
  const words = [...network.prefix(site), process.execPath];
  const script = join(import.meta.dirname, 'site-agent.ts');
  const child = spawn(words[0] ?? '', [...words.slice(1), script], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let lastId = 0;
  await once(child, 'message');
  child.on('message', (message: { id: number; result?: unknown; error?: string }) => {
    const { id, result, error } = message;
    if (error === undefined) waiting.get(id)?.resolve(result);
    else waiting.get(id)?.reject(new Error(`${site}: ${error}`));
    waiting.delete(id);
  });
  const send = (order: AgentOrder): Promise<unknown> => {
    const id = ++lastId;
    const answer = Promise.withResolvers<unknown>();
    waiting.set(id, answer);
    child.send({ id, order });
    return answer.promise;
  };
  return {
    ask: async (plan) => void (await send({ kind: 'ask', plan })),
    report: async () => (await send({ kind: 'report' })) as AskReport,
    fetch: async (url, method = 'GET', body) => {
      const order = { kind: 'fetch', url, method } as const;
      const text = body === undefined ? {} : { body: JSON.stringify(body) };
      return (await send({ ...order, ...text })) as Fetched;
    },
    send: async (over, to, packets) => {
      const hex = packets.map((packet) => Buffer.from(packet).toString('hex'));
      await send({ kind: 'send', over, to, hex });
    },
    [Symbol.asyncDispose]: async () => {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}
