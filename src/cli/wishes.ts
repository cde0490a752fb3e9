// What a command line wishes to have rehearsed.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Rehearsal, Said } from '../compose/rehearsal.ts';
import { type Io, listOption, type Options, textOption } from './command.ts';
import type { Losses } from '../simulation/tally.ts';
import { parseNumber } from '../model/number.ts';

export const wishOptions = {
  down: { type: 'string', multiple: true },
  drain: { type: 'string', multiple: true },
  bias: { type: 'string', multiple: true },
  weight: { type: 'string', multiple: true },
  'set-load': { type: 'string', multiple: true },
  service: { type: 'string' },
  clients: { type: 'string' },
  'max-farther-km': { type: 'string' },
  'max-slower-ms': { type: 'string' },
} as const;

/** What counts as much farther and much slower, where nobody says. */
export const usualLosses: Losses = { farKm: 1000, slowMs: 30 };

type Wish = Omit<Rehearsal, 'config' | 'other' | 'env' | 'alreadyDown' | 'alreadyDrained' | 'at'>;

/** Words for what makes no sense, or the wish. */
export function wishIn(options: Options): Wish | string {
  const bias = saidIn(options, 'bias', /^[+-]?\d{1,2}$/, 'a whole number from -99 to +99');
  const weight = saidIn(options, 'weight', /^\d{1,6}$/, 'a whole number from 0 on');
  const loads = saidIn(options, 'set-load', /^\d{1,3}(?:\.\d{1,6})?$/, 'a share such as 0.9');
  const losses = lossesIn(options);
  if (typeof bias === 'string') return bias;
  if (typeof weight === 'string') return weight;
  if (typeof loads === 'string') return loads;
  if (typeof losses === 'string') return losses;
  const textOf = (name: string): string | undefined => {
    const text = textOption(options, name, '');
    return text === '' ? undefined : text;
  };
  return {
    down: listOption(options, 'down'),
    drained: listOption(options, 'drain'),
    bias,
    weight,
    loads,
    service: textOf('service'),
    clients: textOf('clients'),
    ...losses,
  };
}

/**
 * The file that `--config` names is what is. Where nothing else changes it is what would be, and the main
 * file of this folder what is: replayed against itself it would tell nobody anything.
 */
export function filesIn(options: Options, wish: Wish): Pick<Rehearsal, 'config' | 'other'> {
  const config = textOption(options, 'config', usualConfig);
  const other = textOption(options, 'to', '');
  if (other !== '') return { config, other };
  const { down, drained, bias, weight, loads } = wish;
  const isChanged = [down, drained, bias, weight, loads].some((list) => list.length > 0);
  const isUsual = resolve(config) === resolve(usualConfig) || !existsSync(usualConfig);
  return isChanged || isUsual
    ? { config, other: undefined }
    : { config: usualConfig, other: config };
}

const usualConfig = 'meridian.yaml';

function lossesIn(options: Options): Losses | string {
  const numberIn = (name: string, usual: number): number | undefined =>
    parseNumber(textOption(options, name, String(usual)));
  const farKm = numberIn('max-farther-km', usualLosses.farKm);
  const slowMs = numberIn('max-slower-ms', usualLosses.slowMs);
  if (farKm === undefined) return '--max-farther-km takes a number of kilometres';
  if (slowMs === undefined) return '--max-slower-ms takes a number of milliseconds';
  return { farKm, slowMs };
}

/** `REGION=NUMBER`, any number of times. */
function saidIn(options: Options, name: string, shape: RegExp, wanted: string): Said[] | string {
  const said: Said[] = [];
  for (const word of listOption(options, name)) {
    const at = word.indexOf('=');
    const value = word.slice(at + 1);
    if (at < 1 || !shape.test(value))
      return `--${name} takes REGION=N, where N is ${wanted}, not "${word}"`;
    said.push([word.slice(0, at), Number(value)]);
  }
  return said;
}

/** Ten characters of a bar, and how far it is; on a terminal, or line by line where it is asked for. */
export function showProgress({ gauge, err }: Io, isAsked: boolean): (share: number) => void {
  let last = -1;
  return (share) => {
    const percent = Math.min(100, Math.floor(share * 100));
    if (gauge === undefined && !isAsked) return;
    const step = gauge === undefined ? 10 : 1;
    if (Math.floor(percent / step) === last) return;
    last = Math.floor(percent / step);
    const filled = Math.floor(percent / 10);
    const line = `${'█'.repeat(filled)}${'░'.repeat(10 - filled)} ${percent} %`;
    if (gauge === undefined) err(line);
    else gauge(line);
  };
}
