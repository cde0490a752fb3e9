// One message and what comes back, over UDP and over TCP, told by order and not by time.

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { buildQuery } from '../support/query.ts';

/** Its reply shows that everything sent before it was dealt with: a name that nobody serves. */
const sentinel = Buffer.from(buildQuery({ name: 'sentinel.invalid', id: 0xfffe }));

/** No reply takes as long; a director that is gone shall not hold the suite up. */
const patienceMs = 20_000;

/** Every reply to a message and nothing else, in order; one or none if all is well. */
export async function exchangeUdp(port: number, bytes: Uint8Array): Promise<Buffer[]> {
  const socket = createSocket('udp4');
  try {
    socket.connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return await new Promise((resolve, reject) => {
      const replies: Buffer[] = [];
      const timer = setTimeout(() => reject(new Error('no sentinel over UDP')), patienceMs);
      socket.on('error', reject);
      socket.on('message', (reply) => {
        if (isSentinel(reply)) {
          clearTimeout(timer);
          resolve(replies);
        } else replies.push(reply);
      });
      socket.send(bytes);
      socket.send(sentinel);
    });
  } finally {
    socket.close();
  }
}

/** The same over one TCP connection; a connection closed in answer is an error. */
export async function exchangeTcp(port: number, bytes: Uint8Array): Promise<Buffer[]> {
  const replies = await pipeline(port, [bytes, sentinel], isSentinel);
  return replies.filter((reply) => !isSentinel(reply));
}

/** Sends messages at once and resolves with all replies up to the one that is the last. */
export async function pipeline(
  port: number,
  messages: readonly Uint8Array[],
  isLast: (reply: Buffer, count: number) => boolean,
): Promise<Buffer[]> {
  const socket = connect(port, '127.0.0.1');
  let pending = Buffer.alloc(0);
  const replies: Buffer[] = [];
  try {
    await new Promise<void>((resolve, reject) => {
      socket.setTimeout(patienceMs, () => reject(new Error('no last reply over TCP')));
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('the connection was closed')));
      socket.on('data', (chunk) => {
        pending = Buffer.concat([pending, chunk]);
        while (pending.length >= 2 && pending.length >= pending.readUInt16BE(0) + 2) {
          const end = pending.readUInt16BE(0) + 2;
          const reply = Buffer.from(pending.subarray(2, end));
          pending = pending.subarray(end);
          replies.push(reply);
          if (isLast(reply, replies.length)) resolve();
        }
      });
      socket.write(Buffer.concat(messages.map(frame)));
    });
    return replies;
  } finally {
    socket.destroy();
  }
}

/** A message with its length before it (RFC 1035 §4.2.2). */
export function frame(bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(bytes.length >>> 8, bytes.length & 255), bytes]);
}

function isSentinel(reply: Buffer): boolean {
  return reply.length > 12 && reply.readUInt16BE(0) === 0xfffe;
}
