// `meridian check`: would a director start with these files?

import { loadSettings } from '../load.ts';
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
    if (loaded.ok) {
      const { zones, services, regions } = loaded.value;
      io.out(
        `${config} is fine: ${count(zones.length, 'zone')}, ${count(services.size, 'service')}, ${count(regions.size, 'region')}`,
      );
      return exits.fine;
    }
    for (const fault of loaded.faults) io.err(formatFault(fault));
    io.err(`${config} has ${count(loaded.faults.length, 'fault')}`);
    return exits.no;
  },
};

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
