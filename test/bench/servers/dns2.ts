// The server that people would write first: dns2's README with one look-up in geoip-lite.

import { join } from 'node:path';
import { type Kind, startProgram } from './program.ts';

export const dns2: Kind = {
  name: 'dns2 README server',
  needs: [],
  given:
    'the server of its README with one geoip-lite look-up and the nearest of the regions; it knows one name and A alone; no health',
  lacks: { doh: 'not in the README', cookies: 'no cookies' },
  start({ zone, service, regions }, stage) {
    const [port] = stage.ports;
    const script = join(import.meta.dirname, 'dns2-process.ts');
    const words = [process.execPath, script, `${port}`, `${service}.${zone}`];
    return startProgram(
      { name: 'dns2 README server', words: [...words, JSON.stringify(regions)], port },
      stage,
    );
  },
};
