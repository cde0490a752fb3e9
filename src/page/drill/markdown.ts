// The report of a drill as Markdown, for tickets and for who reads in a terminal.

import type {
  DrillReport,
  JudgementReport,
  NumberReport,
  ObjectiveReport,
  StepReport,
} from '../../model/drill.ts';
import { formatShare } from '../../model/number.ts';
import { visible } from '../../model/visible.ts';
import { boundText, judgedText, numberText, secondsText, shareText } from './words.ts';

/** Lines of Markdown; who reads them in a terminal need fear nothing that they hold. */
export function markdownOf(report: DrillReport): string[] {
  return linesOf(report).map(visible);
}

function linesOf(report: DrillReport): string[] {
  const { id, region, service, actor, reason, director, startedAt, until, plan, rules } = report;
  const shares = plan.map(({ share, hold }) => `${formatShare(share)} for ${hold}`).join(', ');
  return [
    `# Drill of ${region}${service === undefined ? '' : ` for ${service}`}`,
    '',
    `**${verdictOf(report)}**`,
    '',
    `- Drill \`${id}\`, by ${inLine(actor)}: ${inLine(reason)}`,
    `- From ${startedAt} to ${until}; planned: ${shares}`,
    `- Run by the director ${director}; safety rules: ${rules.join(', ') || 'none are configured'}`,
    '- Each director measured its own answers, by client network (/20 and /44); the first changed answer is that of the last director',
    '',
    ...tableOf(
      ['Step', 'Share', 'Began', 'Networks', 'Asked again', 'Moved', 'Predicted', 'Observed'],
      report.steps.map(rowOf),
    ),
    '',
    ...tableOf(
      ['Step', 'First moved', '50 % asked again', '90 %', '99 %'],
      report.steps.map(({ step, firstMovedSeconds, askedAgainSeconds: at }) => [
        String(step),
        ...[firstMovedSeconds, at[50], at[90], at[99]].map(secondsText),
      ]),
    ),
    '',
    ...directorTable(report),
    '',
    ...returnTable(report),
    '',
    ...tableOf(
      ['Other region', 'Before', 'At the end', 'Load before', 'Most load'],
      report.others.map(({ region: other, before, last, loadBefore, loadMost }) => [
        other,
        before,
        last,
        shareText(loadBefore),
        shareText(loadMost),
      ]),
    ),
    ...(report.judgements.length === 0 ? [] : ['', ...judgementTable(report.judgements)]),
    ...(report.numbers.length === 0 ? [] : ['', ...numberTable(report.numbers)]),
    ...(report.objectives.length === 0 ? [] : ['', ...objectiveTable(report.objectives)]),
    ...(report.unnoted === 0 ? [] : ['', `${report.unnoted} answers had no room to be noted.`]),
  ];
}

function directorTable({ directors, steps }: DrillReport): string[] {
  const rows = directors.flatMap(({ director, measure }) => {
    if (measure === null) return [[director, 'silent', '', '', '', '', '']];
    return steps.flatMap(({ step, share }) => {
      const seen = measure.steps.find((each) => each.share === share);
      if (seen === undefined) return [];
      const { heard, networks, asked, moved, firstMoved } = seen;
      const counts = [networks, asked, moved].map(String);
      return [[director, String(step), secondsText(heard), ...counts, secondsText(firstMoved)]];
    });
  });
  const head = ['Director', 'Step', 'Had the word', 'Networks', 'Asked again', 'Moved'];
  return tableOf([...head, 'First moved'], rows);
}

/** Who returns late held the answer beyond its TTL, or had no client that asked: a server cannot see which. */
function returnTable({ directors }: DrillReport): string[] {
  return tableOf(
    [
      'Director',
      'TTL',
      'Pairs of resolver and network that returned',
      'Always late',
      'Not back yet',
    ],
    directors.flatMap(({ director, measure }) => {
      if (measure === null) return [];
      const { ttl, pairs, late, silent } = measure.returns;
      return [[director, `${ttl} s`, ...[pairs, late, silent].map(String)]];
    }),
  );
}

function verdictOf({ phase, abort, isMet, objectives }: DrillReport): string {
  if (abort !== null) return `Aborted: ${inLine(abort.message)} (${abort.code}).`;
  if (phase !== 'done') return 'It is not over yet.';
  if (objectives.length === 0) return 'Done; no objectives were set.';
  if (isMet === null) return 'Done; what was measured last is on its way.';
  return isMet ? 'Done; every objective was met.' : 'Done; an objective was missed.';
}

function rowOf({ step, share, startedAt, networks, asked, moved, ...seen }: StepReport): string[] {
  const counts = [networks, asked, moved].map(String);
  const shares = [shareText(seen.predicted), shareText(seen.observed)];
  return [String(step), formatShare(share), `${startedAt.slice(11, 19)}Z`, ...counts, ...shares];
}

const objectiveWords = {
  firstMoved: 'first moved',
  drained: '90 % asked again',
  noAbort: 'no abort',
} as const;

function objectiveTable(objectives: readonly ObjectiveReport[]): string[] {
  return tableOf(
    ['Objective', 'Step', 'Within', 'Took', 'Met'],
    objectives.map(({ objective, step, withinSeconds, seconds, isMet }) => [
      objectiveWords[objective],
      step === null ? 'all' : String(step),
      withinSeconds === null ? '' : secondsText(withinSeconds),
      step === null ? '' : secondsText(seconds),
      isMet ? 'yes' : 'no',
    ]),
  );
}

function judgementTable(judgements: readonly JudgementReport[]): string[] {
  return tableOf(
    ['Safety rule', 'Asked before', 'At', 'Verdict', 'Figures'],
    judgements.map(({ rule, at, isAllowed, figures, ...when }) => [
      rule,
      judgedText(when),
      `${at.slice(11, 19)}Z`,
      isAllowed ? 'allowed' : 'REFUSED',
      inLine(figures),
    ]),
  );
}

function numberTable(numbers: readonly NumberReport[]): string[] {
  return tableOf(
    ['Number', 'Ends it', 'Before', 'Last', 'Worst', 'Read', 'Not read'],
    numbers.map(({ number, before, last, worst, readings, failures, reason, ...limit }) => [
      inLine(number),
      boundText(limit),
      ...[before, last, worst].map(numberText),
      String(readings),
      reason === '' ? String(failures) : `${failures} (${inLine(reason)})`,
    ]),
  );
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`);
}

/** What people wrote stays text: it makes no table, no markup and no line of its own. */
function inLine(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ').replaceAll(/[\\`*_<>[\]|#]/g, '\\$&');
}
