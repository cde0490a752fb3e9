// PowerDNS Authoritative Server with its GeoIP backend.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Kind, startProgram } from './program.ts';
import type { World } from './world.ts';

export const powerdns: Kind = {
  name: 'PowerDNS',
  needs: [
    { file: 'pdns_server', debian: 'pdns-server' },
    { file: '/usr/lib/*/pdns/libgeoipbackend.so', debian: 'pdns-backend-geoip' },
  ],
  given:
    'the GeoIP backend with the nearest region already written into the database, so that it has no distance to work out; one thread that receives and one that looks up; its packet cache as it comes, which answers equal queries without the backend; no health checks',
  lacks: { doh: 'no DoH', cookies: 'no cookies' },
  start(world, stage) {
    const [port] = stage.ports;
    writeFileSync(join(stage.folder, 'pdns.conf'), configOf(world, stage.folder, port));
    writeFileSync(join(stage.folder, 'zones.yaml'), zonesOf(world));
    const words = ['pdns_server', `--config-dir=${stage.folder}`];
    return startProgram({ name: 'PowerDNS', words, port }, stage);
  },
};

function configOf({ mmdb }: World, folder: string, port: number): string {
  return `launch=geoip
geoip-database-files=mmdb:${mmdb}
geoip-zones-file=${folder}/zones.yaml
edns-subnet-processing=yes
local-address=127.0.0.1
local-port=${port}
receiver-threads=1
distributor-threads=1
socket-dir=${folder}
daemon=no
guardian=no
disable-syslog=yes
loglevel=3
`;
}

function zonesOf({ zone, service, ttl, regions }: World): string {
  const owners = regions.map(
    ({ id, ipv4, ipv6 }) =>
      `      ${id}.geo.${zone}:\n        - a: ${ipv4}\n        - aaaa: "${ipv6}"\n`,
  );
  return `domains:
  - domain: ${zone}
    ttl: ${ttl}
    records:
      ${zone}:
        - soa: ns1.${zone} hostmaster.${zone} 1 7200 1800 1209600 ${ttl}
        - ns: ns1.${zone}
        - mx: 10 mail.${zone}
        - txt: '"v=spf1 mx -all"'
      ns1.${zone}:
        - a: 192.0.2.53
      mail.${zone}:
        - a: 192.0.2.25
${owners.join('')}    services:
      ${service}.${zone}: [ "%re.geo.${zone}", "${regions[0]?.id ?? ''}.geo.${zone}" ]
`;
}
