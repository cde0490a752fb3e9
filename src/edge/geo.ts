// Where geography comes from: an operator's own database, or the data that geoip-lite ships.

import type { LoadAtlas } from '../ports.ts';
import { loadGeolite } from './geolite.ts';
import { loadMmdb } from './mmdb.ts';

export const loadAtlas: LoadAtlas = (mmdb) => (mmdb === undefined ? loadGeolite() : loadMmdb(mmdb));
