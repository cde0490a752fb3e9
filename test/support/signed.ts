// Messages signed with TSIG (RFC 8945), made and checked by node's HMAC and without any code of the program.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { nameOctets } from './query.ts';

export interface SignedShape {
  readonly key?: string;
  readonly secret?: Uint8Array;
  readonly algorithm?: string;
  /** Unix seconds. */
  readonly signedAt?: number;
  readonly fudge?: number;
  /** Octets of the MAC that are sent. */
  readonly macSize?: number;
  /** The MAC of the request that this message answers. */
  readonly prior?: Uint8Array;
}

/** 32 octets, and the key's name unless a shape has another. */
export const secret: Uint8Array = Uint8Array.from({ length: 32 }, (_, i) => i * 7 + 1);
export const keyName = 'xfr.example.test';

/** A whole message with a TSIG record behind it. */
export function signedQuery(message: Uint8Array, shape: SignedShape = {}): Uint8Array {
  const { signedAt = Math.floor(Date.now() / 1000), fudge = 300, macSize = 32 } = shape;
  const key = nameOctets((shape.key ?? keyName).toLowerCase());
  const algorithm = nameOctets(shape.algorithm ?? 'hmac-sha256');
  const timers = Buffer.alloc(8);
  timers.writeUIntBE(signedAt, 0, 6);
  timers.writeUInt16BE(fudge, 6);
  const digest = createHmac('sha256', shape.secret ?? secret);
  if (shape.prior !== undefined) digest.update(uint16(shape.prior.length)).update(shape.prior);
  digest.update(message).update(key).update(Buffer.from('00ff00000000', 'hex'));
  digest.update(algorithm).update(timers).update(Buffer.alloc(4));
  const mac = Buffer.concat([digest.digest(), Buffer.alloc(64)]).subarray(0, macSize);
  const data = Buffer.concat([
    algorithm,
    timers,
    uint16(macSize),
    mac,
    message.subarray(0, 2),
    Buffer.alloc(4),
  ]);
  const head = Buffer.from('00fa00ff00000000', 'hex');
  const whole = Buffer.concat([message, key, head, uint16(data.length), data]);
  whole.writeUInt16BE(whole.readUInt16BE(10) + 1, 10);
  return whole;
}

export interface ReadTsig {
  /** The message without its record. */
  readonly message: Buffer;
  readonly signedAt: number;
  readonly mac: Buffer;
  readonly error: number;
  readonly other: Buffer;
}

/** Reads a TSIG record by `keyName` at the end of a message. */
export function readTsigBehind(bytes: Uint8Array, key = keyName): ReadTsig {
  const all = Buffer.from(bytes);
  const head = Buffer.concat([nameOctets(key), Buffer.from('00fa00ff00000000', 'hex')]);
  const start = all.lastIndexOf(head);
  assert.ok(start > 0, 'no TSIG record by this key');
  const data = start + head.length + 2;
  assert.equal(all.readUInt16BE(data - 2), all.length - data);
  const time = data + nameOctets('hmac-sha256').length;
  const size = all.readUInt16BE(time + 8);
  const behind = time + 10 + size;
  const message = Buffer.from(all.subarray(0, start));
  message.writeUInt16BE(message.readUInt16BE(10) - 1, 10);
  return {
    message,
    signedAt: all.readUIntBE(time, 6),
    mac: all.subarray(time + 10, behind),
    error: all.readUInt16BE(behind + 2),
    other: all.subarray(behind + 6),
  };
}

/** The MAC that a reply has to have, by what it covers. */
export function macOf(
  reply: ReadTsig,
  prior: Uint8Array,
  isContinued = false,
  fudge = 300,
): string {
  const timers = Buffer.alloc(8);
  timers.writeUIntBE(reply.signedAt, 0, 6);
  timers.writeUInt16BE(fudge, 6);
  const digest = createHmac('sha256', secret);
  digest.update(uint16(prior.length)).update(prior).update(reply.message);
  if (isContinued) return digest.update(timers).digest('hex');
  digest.update(nameOctets(keyName)).update(Buffer.from('00ff00000000', 'hex'));
  digest.update(nameOctets('hmac-sha256')).update(timers);
  digest.update(uint16(reply.error)).update(uint16(reply.other.length)).update(reply.other);
  return digest.digest('hex');
}

function uint16(value: number): Buffer {
  return Buffer.of(value >>> 8, value & 0xff);
}
