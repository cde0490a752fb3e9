// BIND with a view for each region, chosen by GeoIP.

import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Kind, type Stage, startProgram } from './program.ts';
import { type World, type WorldRegion, zoneFileOf } from './world.ts';

export const bind: Kind = {
  name: 'BIND',
  needs: [{ file: 'named', debian: 'bind9' }],
  given:
    'a view for each region, chosen by the nearest region that is already written into the database, and the zone in each; it goes by the address that asks and knows no ECS, so for the mixes by ECS it gives everybody the same answer and has less to do; one worker thread; no health checks',
  lacks: {},
  start(world, stage) {
    const [port, doh] = stage.ports;
    const path = join(stage.folder, 'named.conf');
    writeFileSync(path, configOf(world, stage));
    for (const region of world.regions) {
      const steered = [`${world.service} A ${region.ipv4}`, `${world.service} AAAA ${region.ipv6}`];
      writeFileSync(zonePath(stage, region), zoneFileOf(world, steered));
    }
    const words = ['named', '-g', '-n', '1', '-c', path];
    return startProgram({ name: 'BIND', words, port, doh }, stage);
  },
};

function zonePath({ folder }: Stage, { id }: WorldRegion): string {
  return join(folder, `${id}.zone`);
}

function configOf({ zone, mmdb, regions }: World, stage: Stage): string {
  const { folder, ports, certificate, key } = stage;
  const views = regions.map((region, i) => {
    // The last view takes those that GeoIP does not know.
    const clients = `geoip city "${region.id}";`;
    return viewOf(
      region.id,
      i === 0 ? `${clients} 127.0.0.0/8;` : clients,
      zone,
      zonePath(stage, region),
    );
  });
  const [first] = regions;
  if (first !== undefined) views.push(viewOf('others', 'any;', zone, zonePath(stage, first)));
  return `options {
  directory "${folder}";
  geoip-directory "${dirname(mmdb)}";
  pid-file none;
  lock-file none;
  session-keyfile "${folder}/session.key";
  recursion no;
  minimal-responses yes;
  notify no;
  listen-on port ${ports[0]} { 127.0.0.1; };
  listen-on port ${ports[1]} tls own http default { 127.0.0.1; };
  listen-on-v6 { none; };
};
tls own { cert-file "${certificate}"; key-file "${key}"; };
controls { };
logging { category default { null; }; };
${views.join('')}`;
}

function viewOf(name: string, clients: string, zone: string, file: string): string {
  return `view "${name}" {
  match-clients { ${clients} };
  zone "${zone}" { type primary; file "${file}"; };
};
`;
}
