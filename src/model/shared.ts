// Typed arrays in memory that threads share: posted to another thread they are not copied.

/** Numbers below 2^32, all of them 0. */
export function sharedWords(length: number): Uint32Array {
  return new Uint32Array(new SharedArrayBuffer(length * Uint32Array.BYTES_PER_ELEMENT));
}

/** A copy that threads share. */
export function share<T extends Uint8Array | Uint16Array | Int32Array | Uint32Array>(array: T): T {
  const { BYTES_PER_ELEMENT: width } = array;
  const Kind = array.constructor as new (buffer: SharedArrayBuffer) => T;
  const shared = new Kind(new SharedArrayBuffer(array.length * width));
  shared.set(array);
  return shared;
}
