// What has come over a TCP connection: octets in, whole messages out (RFC 1035 §4.2.2).

/** No honest query comes near: the decoder takes one question and one OPT. */
const longestQuery = 4096;

export interface Inbox {
  /** False when a message is left unfinished for too long. */
  add(chunk: Buffer): boolean;
  /** The next whole message, none so far, or what can be no message of ours. */
  next(): Buffer | 'none' | 'malformed';
  /** What took long was our own: the time begins anew. */
  rest(): void;
}

/** A message fed octet by octet keeps the idle timer from firing, so it has a limit of its own. */
export function createInbox(idleMs: number): Inbox {
  let pending: Buffer = Buffer.alloc(0);
  let unfinishedSince: number | undefined;
  return {
    add(chunk) {
      const now = performance.now();
      if (pending.length > 0) unfinishedSince ??= now;
      if (unfinishedSince !== undefined && now - unfinishedSince > idleMs) return false;
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      return true;
    },
    next() {
      if (pending.length < 2) return 'none';
      const length = pending.readUInt16BE(0);
      if (length === 0 || length > longestQuery) return 'malformed';
      if (pending.length < length + 2) return 'none';
      unfinishedSince = undefined;
      const message = pending.subarray(2, length + 2);
      pending = pending.subarray(length + 2);
      return message;
    },
    rest() {
      unfinishedSince = undefined;
    },
  };
}
