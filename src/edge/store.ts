// State on local disk: each text in a file of its own, replaced whole, checked when read.

import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fault, FaultCode } from '../model/fault.ts';
import type { Store } from '../ports.ts';

/**
 * The folder is made when it is missing. A text that cannot be read, or that is not what was saved,
 * is undefined like one that was never saved; `onFault` is told.
 */
export function createDiskStore(folder: string, onFault?: (fault: Fault) => void): Store {
  const saving = new Map<string, Promise<Fault | undefined>>();
  return {
    async load(name) {
      const path = pathOf(folder, name);
      try {
        const text = unseal(await readFile(path, 'utf8'));
        if (text === undefined) {
          onFault?.({ code: 'disk.read', message: `${path} is damaged and was left aside` });
        }
        return text;
      } catch (error) {
        if (codeOf(error) !== 'ENOENT') onFault?.(faultOf('disk.read', path, error));
        return undefined;
      }
    },
    save(name, text) {
      // One after another, so that an earlier text never replaces a later one.
      const next = (): Promise<Fault | undefined> => write(folder, name, text);
      const saved = (saving.get(name) ?? Promise.resolve()).then(next);
      saving.set(name, saved);
      return saved;
    },
  };
}

async function write(folder: string, name: string, text: string): Promise<Fault | undefined> {
  const path = pathOf(folder, name);
  const draft = `${path}.tmp`;
  try {
    await mkdir(folder, { recursive: true });
    {
      await using file = await open(draft, 'w');
      await file.writeFile(seal(text));
      // Without this a power cut could leave the new name with nothing behind it.
      await file.sync();
    }
    await rename(draft, path);
    return undefined;
  } catch (error) {
    return faultOf('disk.write', path, error);
  }
}

function pathOf(folder: string, name: string): string {
  return join(folder, `${name}.state`);
}

/** The first line tells whether the rest is what was written. */
function seal(text: string): string {
  return `sha256 ${digestOf(text)}\n${text}`;
}

function unseal(sealed: string): string | undefined {
  const end = sealed.indexOf('\n');
  const text = sealed.slice(end + 1);
  return sealed.slice(0, end) === `sha256 ${digestOf(text)}` ? text : undefined;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function faultOf(code: FaultCode, path: string, error: unknown): Fault {
  const verb = code === 'disk.write' ? 'write' : 'read';
  return {
    code,
    message: `cannot ${verb} ${path}: ${error instanceof Error ? error.message : ''}`,
  };
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
