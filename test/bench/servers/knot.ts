// Knot DNS with mod-geoip.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Kind, startProgram } from './program.ts';
import { type World, zoneFileOf } from './world.ts';

export const knot: Kind = {
  name: 'Knot DNS',
  needs: [
    { file: 'knotd', debian: 'knot' },
    { file: '/usr/lib/*/knot/modules-*/geoip.so', debian: 'knot-module-geoip' },
  ],
  given:
    'mod-geoip with the nearest region already written into the database, so that it has no distance to work out; one worker for UDP and one for TCP; no health checks',
  lacks: { doh: 'no DoH' },
  start(world, stage) {
    const [port] = stage.ports;
    const path = (name: string): string => join(stage.folder, name);
    writeFileSync(path('knot.conf'), configOf(world, stage.folder, port));
    writeFileSync(path('geo.conf'), geographyOf(world));
    const [first] = world.regions;
    const steered = [
      `${world.service} A ${first?.ipv4 ?? ''}`,
      `${world.service} AAAA ${first?.ipv6 ?? ''}`,
    ];
    writeFileSync(path('zone'), zoneFileOf(world, steered));
    return startProgram(
      { name: 'Knot DNS', words: ['knotd', '-c', path('knot.conf')], port },
      stage,
    );
  },
};

function configOf({ zone, ttl, mmdb }: World, folder: string, port: number): string {
  return `server:
  listen: 127.0.0.1@${port}
  rundir: "${folder}"
  udp-workers: 1
  tcp-workers: 1
  background-workers: 1
  edns-client-subnet: on
log:
  - target: stderr
    any: warning
database:
  storage: "${folder}"
mod-geoip:
  - id: world
    config-file: "${folder}/geo.conf"
    ttl: ${ttl}
    mode: geodb
    geodb-file: "${mmdb}"
    geodb-key: region
zone:
  - domain: ${zone}
    storage: "${folder}"
    file: zone
    module: [mod-cookies, mod-geoip/world]
`;
}

function geographyOf({ zone, service, regions }: World): string {
  const lines = regions.map(
    ({ id, ipv4, ipv6 }) => `  - geo: "${id}"\n    A: ${ipv4}\n    AAAA: "${ipv6}"\n`,
  );
  return `${service}.${zone}:\n${lines.join('')}`;
}
