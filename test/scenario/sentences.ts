// Every sentence of the language; what each does stands with its kind.

import { readFileSync } from 'node:fs';
import { answerSentences } from './answer-sentences.ts';
import { appSentences } from './app-sentences.ts';
import { drillSentences } from './drill-sentences.ts';
import { fleetSentences } from './fleet-sentences.ts';
import { linesOf, understand } from './language.ts';
import { loadSentences } from './load-sentences.ts';
import { peopleSentences } from './people-sentences.ts';
import { reportSentences } from './report-sentences.ts';
import type { Act, Stage } from './stage.ts';
import { worldSentences } from './world-sentences.ts';

export const sentences: Readonly<Record<string, Act>> = {
  'fleet FLEET': async (stage, { FLEET }) => {
    const text = readFileSync(new URL(`fleets/${FLEET}.txt`, import.meta.url), 'utf8');
    for (const { line } of linesOf(text)) await perform(line, stage);
  },
  ...fleetSentences,
  ...worldSentences,
  ...peopleSentences,
  ...drillSentences,
  ...appSentences,
  ...loadSentences,
  ...answerSentences,
  ...reportSentences,
};

/** Does what one line says. */
export async function perform(line: string, stage: Stage): Promise<void> {
  const { act, words } = understand(line, sentences);
  await act(stage, words);
}
