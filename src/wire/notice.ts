// Notices (RFC 1996): word to a secondary that a zone has changed, and its answer.

import { classIn, type RRset, recordTypes } from '../model/message.ts';
import { layOut } from './compress.ts';
import { headerSize, putUint16, uint16At } from './octets.ts';

/** Opcode NOTIFY and AA (RFC 1996 §3.7), in their places in the header's second word. */
const flags = 0x2400;

/** The zone's new SOA goes along as a hint (§3.7). */
export function noticeOf(id: number, soa: RRset): Uint8Array {
  const { name } = soa;
  const { octets } = layOut(name, [soa]);
  const end = headerSize + name.length + 4;
  const message = Buffer.alloc(end + octets.length);
  for (const [at, value] of [id, flags, 1, 1].entries()) putUint16(message, 2 * at, value);
  message.write(name, headerSize, 'latin1');
  putUint16(message, end - 4, recordTypes.SOA);
  putUint16(message, end - 2, classIn);
  message.set(octets, end);
  return message;
}

/** The response code of an answer to the notice with this id; undefined for anything else (§3.8). */
export function noticeAnswer(bytes: Uint8Array, id: number): number | undefined {
  const isAnswer = bytes.length >= headerSize && uint16At(bytes, 0) === id;
  const second = uint16At(bytes, 2);
  return isAnswer && (second & 0xf800) === (0x8000 | (flags & 0x7800)) ? second & 15 : undefined;
}
