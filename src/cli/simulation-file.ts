// A simulation written to a file as a page.

import type { Rehearsal, Said } from '../compose/rehearsal.ts';
import { digest } from '../compose/drill-forms.ts';
import { loadWhole } from '../compose/stage.ts';
import { formatShare } from '../model/number.ts';
import { formatMoment, millis } from '../model/time.ts';
import { type SimulationReport, simulationPage } from '../page/simulation/page.ts';
import { writePage } from './page-file.ts';

export interface Simulated extends Pick<SimulationReport, 'comparison' | 'drill'> {
  readonly rehearsal: Rehearsal;
}

/** Rejects with a FaultError. */
export async function writeSimulation(
  path: string,
  { rehearsal, ...results }: Simulated,
): Promise<void> {
  const { config, other = config, env, at } = rehearsal;
  const before = await loadWhole(config, env);
  const after = other === config ? before : await loadWhole(other, env);
  const page = simulationPage(
    {
      ...results,
      change: changeWords(rehearsal),
      places: new Map([...before.regions, ...after.regions]),
      foot: `Made by meridian simulate on ${formatMoment(millis(at))}.`,
    },
    digest,
  );
  await writePage(path, page);
}

/** What is changed, as the title of the page. */
export function changeWords(
  rehearsal: Pick<Rehearsal, 'config' | 'other' | 'down' | 'drained' | 'bias' | 'weight' | 'loads'>,
): string {
  const { config, other, down, drained, bias, weight, loads } = rehearsal;
  const said = (what: string, list: readonly Said[]): string[] =>
    list.map(([region, value]) => `${what} of ${region} is ${value}`);
  const words = [
    ...(other === undefined ? [] : [`${other} instead of ${config}`]),
    ...down.map((region) => `${region} is down`),
    ...drained.map((region) => `${region} is drained`),
    ...said('bias', bias),
    ...said('weight', weight),
    ...loads.map(([id, share]) => `${id} is asked for ${formatShare(share)} of what fills it`),
  ];
  return words.length === 0 ? 'nothing changes' : words.join(', ');
}
