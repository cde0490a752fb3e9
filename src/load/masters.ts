// Master files → zones, away from the thread that answers; what has not changed is not read again.

import { Worker } from 'node:worker_threads';
import type { MasterWish, MasterZone } from '../config/master/zone.ts';
import { stampOf } from '../edge/secret-files.ts';
import type { DomainName } from '../model/name.ts';

/** What a thread says of one file. */
export type Found =
  | {
      readonly zone: MasterZone;
      readonly stamps: readonly string[];
      /** Of the contents of all its files. */
      readonly digest: string;
    }
  | { readonly reason: string };

export interface Masters {
  /** Never rejects. Paths are those of the files themselves. */
  load(wishes: readonly MasterWish[]): Promise<ReadonlyMap<DomainName, Found>>;
  /** Every file that the last call has read, or tried to. */
  files(): readonly string[];
}

interface Kept {
  readonly key: string;
  readonly found: Found;
}

export function createMasters(): Masters {
  let kept = new Map<DomainName, Kept>();
  let files: readonly string[] = [];
  return {
    async load(wishes) {
      const fresh = new Map<DomainName, Kept>();
      const stale: MasterWish[] = [];
      for (const wish of wishes) {
        const last = kept.get(wish.apex);
        if (last !== undefined && last.key === keyOf(wish) && (await isAsRead(last.found))) {
          fresh.set(wish.apex, last);
        } else stale.push(wish);
      }
      for (const [i, found] of (await readInThread(stale)).entries()) {
        const wish = stale[i] as MasterWish;
        fresh.set(wish.apex, { key: keyOf(wish), found });
      }
      kept = fresh;
      files = wishes.flatMap(({ apex, path }) => {
        const found = fresh.get(apex)?.found;
        return found !== undefined && 'zone' in found ? found.zone.files : [path];
      });
      return new Map(Array.from(fresh, ([apex, { found }]) => [apex, found]));
    },
    files: () => files,
  };
}

function keyOf(wish: MasterWish): string {
  return JSON.stringify(wish);
}

async function isAsRead(found: Found): Promise<boolean> {
  if ('reason' in found) return false;
  for (const [i, path] of found.zone.files.entries()) {
    if ((await stampOf(path)) !== found.stamps[i]) return false;
  }
  return found.zone.faults.length === 0;
}

/** One answer for each wish; where the thread dies, that is the answer to the rest. */
async function readInThread(wishes: readonly MasterWish[]): Promise<Found[]> {
  if (wishes.length === 0) return [];
  const found: Found[] = [];
  const thread = new Worker(new URL('master-thread.ts', import.meta.url), { workerData: wishes });
  let reason = 'its thread ended';
  thread.on('message', (each: Found) => void found.push(each));
  thread.on('error', (error: NodeJS.ErrnoException) => {
    const isFull = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    reason = isFull ? 'it takes more memory than there is' : error.message;
  });
  await new Promise((resolve) => thread.once('exit', resolve));
  return wishes.map((_, i) => found[i] ?? { reason });
}
