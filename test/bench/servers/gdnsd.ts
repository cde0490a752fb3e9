// gdnsd with its GeoIP plugin.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Kind, startProgram } from './program.ts';
import { type World, zoneFileOf } from './world.ts';

export const gdnsd: Kind = {
  name: 'gdnsd',
  needs: [{ file: 'gdnsd', debian: 'gdnsd' }],
  given:
    'plugin_geoip with the database and the coordinates of the regions (`auto_dc_coords`), which it makes a map of at its start as Meridian does; one thread for UDP and one for TCP; no health checks',
  lacks: { doh: 'no DoH' },
  start(world, stage) {
    const [port] = stage.ports;
    for (const folder of ['zones', 'run', 'state']) mkdirSync(join(stage.folder, folder));
    writeFileSync(join(stage.folder, 'config'), configOf(world, stage.folder, port));
    writeFileSync(
      join(stage.folder, 'zones', world.zone),
      zoneFileOf(world, [`${world.service} DYNA geoip!${world.service}`]),
    );
    return startProgram(
      { name: 'gdnsd', words: ['gdnsd', '-c', stage.folder, 'start'], port },
      stage,
    );
  },
};

function configOf({ regions, mmdb, service }: World, folder: string, port: number): string {
  const coordinates = regions.map(
    ({ id, coordinates: { latitude, longitude } }) => `${id} => [ ${latitude}, ${longitude} ]`,
  );
  const addresses = regions.map(
    ({ id, ipv4, ipv6 }) => `${id} => { addrs_v4 => [ ${ipv4} ], addrs_v6 => [ ${ipv6} ] }`,
  );
  return `options => {
  listen => [ 127.0.0.1:${port} ]
  run_dir => ${folder}/run
  state_dir => ${folder}/state
  udp_threads => 1
  tcp_threads => 1
}
plugins => {
  geoip => {
    maps => {
      world => {
        geoip2_db => ${mmdb}
        datacenters => [ ${regions.map(({ id }) => id).join(', ')} ]
        auto_dc_coords => { ${coordinates.join(', ')} }
        auto_dc_limit => 1
      }
    }
    resources => {
      ${service} => { map => world, service_types => up, dcmap => { ${addresses.join(', ')} } }
    }
  }
}
`;
}
