// `meridian check`: would a director start with these files?

import { loadSettings } from '../load.ts';
import { faultsInCertificates } from '../load/certificates.ts';
import { formatFault } from '../model/fault.ts';
import { type Command, exits, textOption } from './command.ts';

export const check: Command = {
  name: 'check',
  usage: '[--config FILE]',
  summary: 'Check a configuration with the code that a director starts with.',
  options: { config: { type: 'string' } },
  words: [0, 0],
  async run(_words, options, io) {
    const config = textOption(options, 'config', 'meridian.yaml');
    const loaded = await loadSettings(config, io.env);
    const faults = loaded.ok
      ? await faultsInCertificates(loaded.value, config, Date.now())
      : loaded.faults;
    if (loaded.ok && faults.length === 0) {
      const { zones, services, regions } = loaded.value;
      io.out(
        `${config} is fine: ${count(zones.length, 'zone')}, ${count(services.size, 'service')}, ${count(regions.size, 'region')}`,
      );
      return exits.fine;
    }
    for (const fault of faults) io.err(formatFault(fault));
    io.err(`${config} has ${count(faults.length, 'fault')}`);
    return exits.no;
  },
};

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
