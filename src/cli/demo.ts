// `meridian demo`, which is `npm start`: a director with small local origins that can fail.

import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Director } from '../compose.ts';
import { startOrigins } from '../edge/origins.ts';
import { formatEndpoint } from '../edge/udp.ts';
import { loadSettings } from '../load.ts';
import { formatFault } from '../model/fault.ts';
import { formatName } from '../model/name.ts';
import { type Command, exits, textOption } from './command.ts';
import { runDirector } from './serve.ts';

/** Public resolvers' neighbours in three cities, as GeoIP knows them. */
const clients = [
  { city: 'Tokyo', subnet: '202.12.27.0/24' },
  { city: 'Berlin', subnet: '141.20.0.0/24' },
] as const;

export const demo: Command = {
  name: 'demo',
  usage: '[--config FILE]',
  summary:
    'Run a director with local origins for regions probed on loopback, and print what to try.',
  options: { config: { type: 'string' } },
  words: [0, 0],
  async run(_words, options, io) {
    const config = textOption(options, 'config', 'meridian.yaml');
    const loaded = await loadSettings(config, io.env);
    if (!loaded.ok) {
      for (const fault of loaded.faults) io.err(formatFault(fault));
      return exits.no;
    }
    await using origins = await startOrigins(loaded.value.regions.values());
    const folder = resolve(dirname(config), 'var');
    mkdirSync(folder, { recursive: true });
    const logFile = join(folder, 'demo.log');
    // Awaited here: the origins live as long as the director.
    return await runDirector(config, io, { logTo: logFile, isStrict: true }, (director) => {
      for (const line of welcome(director, origins.list, logFile)) io.out(line);
    });
  },
};

function welcome(
  director: Director,
  origins: readonly { readonly region: string; readonly url: URL }[],
  logFile: string,
): string[] {
  const [service] = director.settings.services.values();
  const name = service === undefined ? 'www.example.test' : formatName(service.name);
  const { host, port } = director.dns[0] ?? { host: '127.0.0.1', port: 5300 };
  const http = `http://${formatEndpoint(director.http)}`;
  const dig = `dig @${host} -p ${port} ${name} +short`;
  const victim = origins.find(({ region }) => region === 'eu-central') ?? origins[0];
  return [
    `meridian is ready: DNS on ${host}:${port} (UDP and TCP), HTTP on ${http}`,
    '',
    'Ask as a client in another place (the subnet says where):',
    ...clients.map(({ city, subnet }) => `  ${dig} +subnet=${subnet}    # ${city}`),
    '',
    'The same decision by HTTP, and why:',
    `  curl '${http}/v1/resolve?name=${name}&client=141.20.1.1'`,
    `  npx meridian explain ${name} --client 141.20.1.1`,
    '',
    ...(victim === undefined
      ? []
      : [
          `Fail ${victim.region}, ask again after some seconds, and heal it:`,
          `  curl -X POST ${new URL('/fail', victim.url).href}`,
          `  curl -X POST ${new URL('/heal', victim.url).href}`,
          '',
        ]),
    'Drain a region on purpose, and look at the fleet:',
    `  npx meridian drain eu-central --for 10m --reason 'disk swap'`,
    '  npx meridian undrain eu-central',
    '  npx meridian status',
    '',
    `Logs go to ${logFile}. Ctrl-C stops.`,
  ];
}
