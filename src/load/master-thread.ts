// The thread that reads master files: wishes in, zones out, their tables handed over without a copy.

import { parentPort, workerData } from 'node:worker_threads';
import { readMaster } from '../config/master/read.ts';
import type { MasterWish } from '../config/master/zone.ts';
import { openMasterFiles } from '../edge/master-files.ts';
import type { Found } from './masters.ts';

const tell = (found: Found, transfer: readonly ArrayBuffer[] = []): void => {
  parentPort?.postMessage(found, transfer);
};

for (const wish of workerData as readonly MasterWish[]) {
  const opened = openMasterFiles(wish.path);
  if ('reason' in opened) tell(opened);
  else {
    const { main, files } = opened;
    const zone = readMaster(wish, main, files.open);
    const { octets, names, sets, records, slots } = zone.table;
    const arrays = [octets, names, sets, records, slots, zone.places];
    const digest = files.digest();
    const buffers = arrays.map(({ buffer }) => buffer as ArrayBuffer);
    tell({ zone, stamps: files.stamps, digest }, buffers);
  }
}
