// Lines of a file of any length, such as a log: one after another, each of bounded length.

import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { FaultError } from '../model/fault.ts';

/** A line that is longer has no place in a log: the rest of it is passed over. */
export const longestLine = 65_536;

/**
 * The lines of a file without their ends; `-` is standard input, and what ends in `.gz` is unpacked. Of a
 * line that is too long comes its beginning, longer than `longestLine`, so that it can be told. Rejects
 * with a FaultError when the file cannot be read to its end.
 */
export async function* linesOf(path: string): AsyncGenerator<string> {
  const file: Readable = path === '-' ? process.stdin : createReadStream(path);
  const bytes = path.endsWith('.gz') ? unpack(file) : file;
  let held = '';
  try {
    for await (const chunk of bytes) {
      const text = held + (chunk as Buffer).toString('latin1');
      let start = 0;
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
        yield text.slice(start, text[end - 1] === '\r' && end > start ? end - 1 : end);
        start = end + 1;
      }
      // One octet more than may be tells that there was more.
      held = text.slice(start, start + longestLine + 1);
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FaultError({ code: 'config.read', message: `cannot read ${path}: ${reason}` }, error);
  }
  if (held !== '') yield held;
}

function unpack(file: Readable): Readable {
  const gunzip = createGunzip();
  file.on('error', (error) => gunzip.destroy(error));
  return file.pipe(gunzip);
}
