// The thread that reads master files: wishes in, zones out, their tables in memory that threads share.

import { parentPort, workerData } from 'node:worker_threads';
import { readMaster } from '../config/master/read.ts';
import type { MasterWish } from '../config/master/zone.ts';
import { openMasterFiles } from '../edge/master-files.ts';
import type { Found } from './masters.ts';

const tell = (found: Found): void => parentPort?.postMessage(found, []);

for (const wish of workerData as readonly MasterWish[]) {
  const opened = openMasterFiles(wish.path);
  if ('reason' in opened) tell(opened);
  else {
    const { main, files } = opened;
    const zone = readMaster(wish, main, files.open);
    tell({ zone, stamps: files.stamps, digest: files.digest() });
  }
}
