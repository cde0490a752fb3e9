// A page written to a file.

import { rename, rm, writeFile } from 'node:fs/promises';
import { wordsOf } from '../edge/whole-file.ts';
import { FaultError } from '../model/fault.ts';

/** Replaced whole, so that nobody ever opens half of a page. Rejects with a FaultError. */
export async function writePage(path: string, page: string): Promise<void> {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(draft, page, { flag: 'wx' });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    const message = `cannot write the page to ${path}: ${wordsOf(error)}`;
    throw new FaultError({ code: 'disk.write', message }, error);
  }
}
