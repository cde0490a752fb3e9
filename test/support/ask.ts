// Asks a director over real sockets, by UDP or TCP, and reads the reply.

import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { buildQuery, type QueryShape } from './query.ts';
import { type ReadReply, readReply } from './reply.ts';

/** One query over UDP from 127.0.0.1, sent again while nothing comes; rejects after 10 seconds. */
export async function askUdp(port: number, shape: QueryShape): Promise<ReadReply> {
  const query = buildQuery(shape);
  const socket = createSocket('udp4');
  const send = (): void => socket.send(query, port, '127.0.0.1', () => undefined);
  const retry = setInterval(send, 2000);
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise((resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`no reply from port ${port}`)), 10_000);
      socket.once('message', (bytes) => resolve(readReply(bytes)));
      socket.once('error', reject);
      send();
    });
  } finally {
    clearInterval(retry);
    clearTimeout(timer);
    socket.close();
  }
}

/** Queries over one TCP connection, sent at once; resolves with as many replies. */
export async function askTcp(port: number, shapes: readonly QueryShape[]): Promise<ReadReply[]> {
  const socket = connect(port, '127.0.0.1');
  const replies: ReadReply[] = [];
  let pending = Buffer.alloc(0);
  try {
    await new Promise<void>((resolve, reject) => {
      socket.setTimeout(10_000, () => reject(new Error(`no reply from port ${port}`)));
      socket.once('error', reject);
      socket.on('close', () => reject(new Error('the connection was closed')));
      socket.on('data', (chunk) => {
        pending = Buffer.concat([pending, chunk]);
        while (pending.length >= 2 && pending.length >= pending.readUInt16BE(0) + 2) {
          const end = pending.readUInt16BE(0) + 2;
          replies.push(readReply(pending.subarray(2, end)));
          pending = pending.subarray(end);
        }
        if (replies.length === shapes.length) resolve();
      });
      socket.write(Buffer.concat(shapes.map(frame)));
    });
    return replies;
  } finally {
    socket.destroy();
  }
}

function frame(shape: QueryShape): Buffer {
  const query = buildQuery(shape);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(query.length);
  return Buffer.concat([length, query]);
}
