// A process at a site that does as the test says: asks at a steady pace, fetches, and sends anything.

import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { Asker, type AskPlan } from './asker.ts';
import type { Endpoint } from './network.ts';

export type AgentOrder =
  | { readonly kind: 'ask'; readonly plan: AskPlan }
  | { readonly kind: 'report' }
  | {
      readonly kind: 'fetch';
      readonly url: string;
      readonly method: string;
      readonly body?: string;
    }
  | SendOrder;

interface SendOrder {
  readonly kind: 'send';
  readonly over: 'udp' | 'tcp';
  readonly to: Endpoint;
  readonly hex: readonly string[];
}

export interface Fetched {
  readonly status: number;
  readonly text: string;
}

let asker: Asker | undefined;

process.on('message', ({ id, order }: { id: number; order: AgentOrder }) => {
  carryOut(order).then(
    (result) => process.send?.({ id, result }),
    (error) => process.send?.({ id, error: String(error) }),
  );
});
process.on('disconnect', () => process.exit());
process.send?.('ready');

async function carryOut(order: AgentOrder): Promise<unknown> {
  if (order.kind === 'ask') asker = new Asker(order.plan);
  if (order.kind === 'report') return asker?.report();
  if (order.kind === 'send') return send(order);
  if (order.kind !== 'fetch') return undefined;
  const { url, method, body } = order;
  const response = await fetch(url, {
    method,
    ...(body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } }),
    signal: AbortSignal.timeout(20_000),
  });
  return { status: response.status, text: await response.text() } satisfies Fetched;
}

/** Datagrams, or one connection with all of it; what comes back is not looked at. */
async function send({ over, to, hex }: SendOrder): Promise<void> {
  const packets = hex.map((text) => Buffer.from(text, 'hex'));
  if (over === 'udp') {
    const socket = createSocket('udp4');
    socket.on('error', () => undefined);
    for (const packet of packets) {
      await new Promise<void>((resolve) => socket.send(packet, to.port, to.host, () => resolve()));
    }
    socket.close();
    return;
  }
  const socket = connect(to);
  socket.on('error', () => socket.destroy());
  socket.resume();
  socket.end(Buffer.concat(packets));
  socket.setTimeout(2000, () => socket.destroy());
}
