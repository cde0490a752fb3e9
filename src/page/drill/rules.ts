// The part of a drill's page on safety rules: what each was asked, when, and what it found.

import type { DrillReport } from '../../model/drill.ts';
import type { Section } from '../document.ts';
import { tableOf } from '../table.ts';
import { clockText, judgedText } from './words.ts';

/** Nothing where no rules are configured. */
export function ruleSections({ judgements }: DrillReport): Section[] {
  if (judgements.length === 0) return [];
  return [
    {
      heading: 'What the safety rules said',
      words:
        'Each rule was asked before the drill began, of all of it, and again before each of its words was given. Figures are those of the fleet or of the service that came nearest to the limit.',
      parts: [
        tableOf({
          caption: 'Judgements of safety rules, at times of day in UTC',
          head: ['Rule', 'before', 'at', 'verdict', 'figures'],
          rows: judgements.map(({ rule, at, isAllowed, figures, ...when }) => [
            rule,
            judgedText(when),
            clockText(at),
            isAllowed ? 'allowed' : 'refused',
            figures,
          ]),
          words: [0, 1, 3, 4],
        }),
      ],
    },
  ];
}
