// One answer of many messages over a TCP connection: as fast as the other side takes it, one message a turn.

import type { Socket } from 'node:net';

/** DNS over TCP puts its length before each message (RFC 1035 §4.2.2). */
export function sendFramed(socket: Socket, message: Uint8Array): void {
  const frame = Buffer.allocUnsafe(message.length + 2);
  frame.writeUInt16BE(message.length, 0);
  frame.set(message, 2);
  socket.write(frame);
}

/**
 * Sends every message, and calls `onEnd` behind the last. Other connections have their turn between
 * two messages; a socket that is full is waited for, and what ends early closes the connection, so
 * that nobody takes a part for the whole.
 */
export function streamOver(
  socket: Socket,
  messages: Generator<Uint8Array, void, void>,
  onEnd: () => void,
): void {
  let isOver = false;
  const finish = (): void => {
    if (isOver) return;
    isOver = true;
    socket.off('close', finish);
    messages.return();
  };
  const next = (): void => {
    if (isOver) return;
    const step = socket.writable ? take(messages) : undefined;
    if (step === undefined) {
      finish();
      socket.destroy();
    } else if (step.done === true) {
      finish();
      onEnd();
    } else {
      sendFramed(socket, step.value);
      if (socket.writableNeedDrain) socket.once('drain', next);
      else setImmediate(next);
    }
  };
  socket.once('close', finish);
  next();
}

/** Undefined when the messages cannot be made to their end. */
function take(messages: Generator<Uint8Array, void, void>) {
  try {
    return messages.next();
  } catch {
    return undefined;
  }
}
