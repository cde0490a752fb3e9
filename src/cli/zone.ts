// `meridian zone`: zones as master files, checked and printed.

import { printZone } from '../authority/print.ts';
import { checkAlone, originIn } from '../config/master/alone.ts';
import { readMaster } from '../config/master/read.ts';
import { steerText } from '../config/master/steer-text.ts';
import { openMasterFiles } from '../edge/master-files.ts';
import { loadSettings, sha256 } from '../load.ts';
import { FaultError, formatFault } from '../model/fault.ts';
import { formatName, parseName } from '../model/name.ts';
import { setCount } from '../model/record-table.ts';
import type { Settings, Zone } from '../model/settings.ts';
import { type Command, exits, type Io, type Options, textOption } from './command.ts';

export const zone: Command = {
  name: 'zone',
  usage: 'check FILE [--origin NAME] | print [NAME] [--config FILE]',
  summary: "Check a master file, or print a zone as one: its records and its services' lines.",
  options: { origin: { type: 'string' }, config: { type: 'string' } },
  words: [1, 2],
  async run([verb, word], options, io) {
    if (verb === 'check' && word !== undefined) return checkFile(word, options, io);
    if (verb === 'print') return print(word, options, io);
    io.err(`Usage: meridian zone ${zone.usage}`);
    return exits.usage;
  },
};

function checkFile(path: string, options: Options, io: Io): number {
  const opened = openMasterFiles(path);
  if ('reason' in opened) {
    throw new FaultError({ code: 'config.read', message: `cannot read ${path}: ${opened.reason}` });
  }
  const { main, files } = opened;
  const named = options['origin'];
  const apex = typeof named === 'string' ? parseName(named) : originIn(main.text);
  if (apex === undefined) {
    const words = typeof named === 'string' ? `"${named}" is no domain name` : 'which zone is it?';
    io.err(`${words} Give --origin NAME, or the file an $ORIGIN`);
    return exits.usage;
  }
  const read = readMaster({ path, apex, inner: [] }, main, files.open);
  const faults = checkAlone(read, apex, sha256);
  for (const fault of faults) io.err(formatFault(fault));
  const name = formatName(apex);
  if (faults.length > 0) {
    io.err(`${path} has ${faults.length} fault${faults.length === 1 ? '' : 's'}`);
    return exits.no;
  }
  const { table, extensions } = read;
  const steered = extensions.length === 0 ? '' : `, ${extensions.length} steered`;
  io.out(`${path} is fine: zone ${name}, ${setCount(table)} record sets${steered}`);
  return exits.fine;
}

async function print(name: string | undefined, options: Options, io: Io): Promise<number> {
  const config = textOption(options, 'config', 'meridian.yaml');
  const loaded = await loadSettings(config, io.env);
  if (!loaded.ok) {
    for (const fault of loaded.faults) io.err(formatFault(fault));
    return exits.no;
  }
  const found = findZone(loaded.value, name);
  if (found === undefined) {
    const names = loaded.value.zones.map(({ apex }) => formatName(apex)).join(', ');
    io.err(`Which zone? There are: ${names}`);
    return exits.usage;
  }
  const services = [...loaded.value.services.values()].filter((each) => each.zone === found.apex);
  const lines = services.map((service) => ({ name: service.name, text: steerText(service) }));
  for (const line of printZone(found, lines)) io.out(line);
  return exits.fine;
}

/** Without a name, the only one. */
function findZone({ zones }: Settings, name: string | undefined): Zone | undefined {
  if (name === undefined) return zones.length === 1 ? zones[0] : undefined;
  const apex = parseName(name);
  return zones.find((each) => each.apex === apex);
}
