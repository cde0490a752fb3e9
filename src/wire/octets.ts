// Numbers in network order (RFC 1035 §2.3.2), and the sizes that both directions share.

/** Octets of a message header (RFC 1035 §4.1.1); the question section starts right behind. */
export const headerSize = 12;

export const noOctets: Uint8Array = new Uint8Array(0);

/** The 16-bit number at `at`; octets behind the end count as 0. */
export function uint16At(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

export function putUint16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
}

/** Puts the first `size` octets of `from` at `at`; a few are copied faster here than by the engine's own call. */
export function putOctets(out: Uint8Array, at: number, from: Uint8Array, size: number): void {
  if (size > 128) out.set(from.subarray(0, size), at);
  else for (let i = 0; i < size; i++) out[at + i] = from[i] as number;
}
