// A drill's report in words: one line on how far it is, and the whole as Markdown.

import type { DrillReport, NumberReport, ObjectiveReport, StepReport } from '../model/drill.ts';
import { formatShare } from '../model/number.ts';

/** One line. */
export function progressOf({
  region,
  phase,
  step,
  plan,
  until,
  abort,
  steps,
  numbers,
}: DrillReport): string {
  const at = until.slice(11, 19);
  if (abort !== null) return `drill of ${region} was aborted at ${at}: ${abort.message}`;
  if (phase === 'done') return `drill of ${region} is done since ${at}`;
  if (phase === 'preparing') {
    return `drill of ${region}: the TTL is short, and nobody is moved before ${at}${tellNumbers(numbers)}`;
  }
  const share = formatShare(plan[step - 1]?.share ?? 0);
  const { networks = 0, asked = 0, moved = 0 } = steps.at(-1) ?? {};
  const seen = `${asked} of ${networks} networks asked again, ${moved} moved`;
  return `drill of ${region}, step ${step} of ${plan.length}: ${share} until ${at}; ${seen}${tellNumbers(numbers)}`;
}

/** Lines of Markdown. */
export function markdownOf(report: DrillReport): string[] {
  const { id, region, service, actor, reason, director, startedAt, until, plan, rules } = report;
  const shares = plan.map(({ share, hold }) => `${formatShare(share)} for ${hold}`).join(', ');
  return [
    `# Drill of ${region}${service === undefined ? '' : ` for ${service}`}`,
    '',
    `**${verdictOf(report)}**`,
    '',
    `- Drill \`${id}\`, by ${inLine(actor)}: ${inLine(reason)}`,
    `- From ${startedAt} to ${until}; planned: ${shares}`,
    `- Run by the director ${director}; safety rules checked at each step: ${rules.join(', ') || 'none are configured'}`,
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
        ...[firstMovedSeconds, at[50], at[90], at[99]].map(timeOf),
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
        shareOf(loadBefore),
        shareOf(loadMost),
      ]),
    ),
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
      return [[director, String(step), timeOf(heard), ...counts, timeOf(firstMoved)]];
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
  return isMet === true ? 'Done; every objective was met.' : 'Done; an objective was missed.';
}

function rowOf({ step, share, startedAt, networks, asked, moved, ...seen }: StepReport): string[] {
  const counts = [networks, asked, moved].map(String);
  const shares = [shareOf(seen.predicted), shareOf(seen.observed)];
  return [String(step), formatShare(share), `${startedAt.slice(11, 19)}Z`, ...counts, ...shares];
}

const objectiveWords = { firstMoved: 'first moved', drained: '90 % asked again' } as const;

function objectiveTable(objectives: readonly ObjectiveReport[]): string[] {
  return tableOf(
    ['Objective', 'Step', 'Within', 'Took', 'Met'],
    objectives.map(({ objective, step, withinSeconds, seconds, isMet }) => [
      objectiveWords[objective],
      String(step),
      timeOf(withinSeconds),
      timeOf(seconds),
      isMet ? 'yes' : 'no',
    ]),
  );
}

function numberTable(numbers: readonly NumberReport[]): string[] {
  return tableOf(
    ['Number', 'Ends it', 'Before', 'Last', 'Worst', 'Read', 'Not read'],
    numbers.map(({ number, before, last, worst, readings, failures, reason, ...limit }) => [
      inLine(number),
      boundOf(limit),
      ...[before, last, worst].map(numberOf),
      String(readings),
      reason === '' ? String(failures) : `${failures} (${inLine(reason)})`,
    ]),
  );
}

function boundOf({
  bound,
  limit,
  forSeconds,
}: Pick<NumberReport, 'bound' | 'limit' | 'forSeconds'>): string {
  return `${bound} ${limit}${forSeconds === 0 ? '' : ` for ${forSeconds} s`}`;
}

function numberOf(number: number | null): string {
  return number === null ? 'not known' : String(Number(number.toPrecision(4)));
}

/** `; errors 3.2 (ends it above 5)`: what is read while a drill goes on. */
function tellNumbers(numbers: readonly NumberReport[]): string {
  return numbers
    .map(({ number, last, reason, ...limit }) => {
      const now = reason === '' ? numberOf(last) : `not read: ${reason}`;
      return `; ${number}: ${now} (ends it ${boundOf(limit)})`;
    })
    .join('');
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`);
}

function timeOf(seconds: number | null): string {
  return seconds === null ? 'not seen' : `${Math.round(seconds * 100) / 100} s`;
}

function shareOf(share: number | null): string {
  return share === null ? 'not known' : formatShare(share);
}

/** What people wrote stays text: it makes no table, no markup and no line of its own. */
function inLine(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ').replaceAll(/[\\`*_<>[\]|#]/g, '\\$&');
}
