// Files made of rows of one length, read in pieces, so that neither memory nor the event loop suffers.

import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';

/** Small enough for a piece to be worked through in a few milliseconds. */
const largestPiece = 2 ** 18;

/** The number of rows in a file; rejects when it cannot be read or ends within a row. */
export async function countRows(path: string, rowBytes: number): Promise<number> {
  const { size } = await stat(path);
  if (size % rowBytes !== 0) throw new Error(`${basename(path)} does not end with a whole row`);
  return size / rowBytes;
}

/** Whole rows, many at a time; the next piece overwrites the one before. */
export async function* readRows(path: string, rowBytes: number): AsyncGenerator<Buffer> {
  await using file = await open(path);
  const buffer = Buffer.alloc(largestPiece);
  let held = 0;
  // The first pieces are smaller, because whatever works on them has not been compiled yet.
  for (let size = 2 ** 13; ; size = Math.min(size * 2, largestPiece)) {
    const { bytesRead } = await file.read(buffer, held, size - held);
    if (bytesRead === 0) return;
    held += bytesRead;
    const whole = held - (held % rowBytes);
    yield buffer.subarray(0, whole);
    buffer.copyWithin(0, whole, held);
    held -= whole;
  }
}
