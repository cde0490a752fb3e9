// Stamps: what can be told quickly of the files behind compiled tables.

import { createHash, type Hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Settings } from '../model/settings.ts';
import { geoliteFiles } from './geolite.ts';

/**
 * Changes with the files of geography and with the code that compiles them; `resolve` gives the path of
 * a setting. Of data it takes size, time and samples: hashing 150 MB would take as long as half a warm
 * start, and who can replace a file and set back its time to deceive us could as well replace the
 * program. A package manager or a new download always changes the size, the samples or the time.
 * Undefined where a file cannot be read.
 */
export async function stampGeo(
  { mmdb, asn }: Settings['geo'],
  resolve: (path: string) => string,
): Promise<string | undefined> {
  try {
    const hash = createHash('sha256');
    await addProgram(hash);
    const data = mmdb === undefined ? geoliteFiles() : [resolve(mmdb)];
    for (const path of [...data, ...(asn === undefined ? [] : [resolve(asn)])]) {
      await using file = await open(path);
      await addSamples(hash, path, file);
    }
    return hash.digest('hex');
  } catch {
    return undefined;
  }
}

/** The rooms whose code makes tables, beside the readers of data in this one. */
const rooms = ['model', 'steering', 'steering/steps', 'edge', 'director'];
const others = /^(?!asns|geo|ground|mmdb|places|rows|table).*$/;

/**
 * By content: a release of the same version, or an edit, may compile otherwise. At once, room by room: to
 * wait for each of two hundred small files takes ten times as long as to read them.
 */
async function addProgram(hash: Hash): Promise<void> {
  const source = join(import.meta.dirname, '..');
  for (const room of rooms) {
    const isWhole = room === 'model' || room.startsWith('steering');
    const names = readdirSync(join(source, room)).filter(
      (name) => name.endsWith('.ts') && (isWhole || !others.test(name)),
    );
    for (const name of names.toSorted()) {
      hash.update(`${room}/${name}\0`).update(readFileSync(join(source, room, name)));
    }
    await nextTurn();
  }
}

const sampleOctets = 4096;
const samples = 32;

async function addSamples(hash: Hash, path: string, file: FileHandle): Promise<void> {
  const { size, mtimeMs, ino } = await file.stat();
  hash.update(`${path}\0${size} ${mtimeMs} ${ino}\0`);
  const piece = Buffer.alloc(sampleOctets);
  for (let i = 0; i < samples; i++) {
    const at = Math.floor((Math.max(0, size - sampleOctets) * i) / (samples - 1));
    const { bytesRead } = await file.read(piece, 0, sampleOctets, at);
    hash.update(piece.subarray(0, bytesRead));
  }
}
