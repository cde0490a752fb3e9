// The report of a drill as a page, for an auditor who was not there.

import type { DrillReport } from '../../model/drill.ts';
import { type Card, type Digest, documentOf } from '../document.ts';
import { directorSection, leavingSection, returnSection, shareSection } from './clients.ts';
import { planSection, timeSection } from './course.ts';
import { otherSection } from './others.ts';
import { ruleSections } from './rules.ts';
import { secondsText, shareText, verdictOf } from './words.ts';

/** `foot` says when and by what it was made. */
export function drillPage(report: DrillReport, foot: string, digest: Digest): string {
  return documentOf(
    {
      title: `Drill of ${report.region}: ${titleOf(report)}`,
      lead: verdictOf(report),
      cards: cardsOf(report),
      sections: [
        planSection(report),
        timeSection(report),
        ...ruleSections(report),
        leavingSection(report),
        shareSection(report),
        directorSection(report),
        otherSection(report),
        returnSection(report),
      ],
      foot,
    },
    digest,
  );
}

function titleOf({ phase, isMet, objectives }: DrillReport): string {
  if (phase === 'aborted') return 'aborted';
  if (phase !== 'done') return 'under way';
  if (objectives.length === 0 || isMet === null) return 'done';
  return isMet ? 'passed' : 'objectives missed';
}

function cardsOf({ steps, directors, objectives, abort }: DrillReport): Card[] {
  const last = steps.at(-1);
  const firsts = steps.map(({ firstMovedSeconds }) => firstMovedSeconds);
  const seen = firsts.filter((seconds) => seconds !== null);
  const slowest = seen.length === 0 ? null : Math.max(...seen);
  const heard = directors.filter(({ measure }) => measure !== null).length;
  const met = objectives.filter(({ isMet }) => isMet).length;
  return [
    { figure: secondsText(slowest), words: 'until the first changed answer, in the slowest step' },
    {
      figure: secondsText(last?.askedAgainSeconds[90] ?? null),
      words: 'until 90 % of the client networks had asked again, in the last step',
    },
    { figure: shareText(last?.observed ?? null), words: 'of those were moved in the last step' },
    { figure: `${heard} of ${directors.length}`, words: 'directors told what they measured' },
    ...(objectives.length === 0
      ? []
      : [
          {
            figure: `${abort === null ? met : 0} of ${objectives.length}`,
            words: 'objectives were met',
          },
        ]),
  ];
}
