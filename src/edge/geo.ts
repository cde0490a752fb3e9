// Where geography comes from: an operator's own database, or the data that geoip-lite ships.

import type { LoadAtlas } from '../ports.ts';
import { loadGeolite } from './geolite.ts';

/** Whoever has no database of their own does not load what reads it. */
export const loadAtlas: LoadAtlas = async (mmdb) => {
  if (mmdb === undefined) return loadGeolite();
  return (await import('./mmdb.ts')).loadMmdb(mmdb);
};
