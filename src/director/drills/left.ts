// What is left of a drill whose director ended before it, or that another one runs: its word in force.

import { directorOfDrill } from '../../drill/drill-id.ts';
import type { Caller } from '../../model/caller.ts';
import type { DrillReport } from '../../model/drill.ts';
import type { Fault } from '../../model/fault.ts';
import { formatInstant } from '../../model/time.ts';
import type { DrillParts } from './run.ts';
import { takeBack, wordsOf } from './own-word.ts';

/** Takes back what it left; resolves with the report of that, undefined where nothing was in force any more. */
export async function endLeft(
  report: DrillReport,
  who: string,
  caller: Caller | undefined,
  parts: DrillParts,
): Promise<DrillReport | undefined> {
  if ((await takeBack(report.id, parts)) === 0) return undefined;
  const message = `by ${who}, after its director had started anew`;
  const until = formatInstant(parts.clock.now());
  const ended = { ...report, until, abort: { code: 'asked', message } } as const;
  tellEnd(ended, parts, caller);
  return ended;
}

/** As a drill tells of itself: so that its end stands in the audit log, whoever finds it. */
export function tellEnd(
  { id: drill, region, step, actor: by, reason, abort }: DrillReport,
  { tell }: Pick<DrillParts, 'tell'>,
  caller?: Caller,
): void {
  const said = { drill, region, step, share: 0, by, reason, abort };
  tell({ type: 'drill', phase: 'aborted', ...said, ...caller });
}

/** Who asks here for a drill of another director hears where it is, and how its word is ended. */
export function unknownDrill(id: string, parts: Pick<DrillParts, 'gossip' | 'clock'>): Fault {
  const message = `this director knows of no drill "${id}"`;
  const [word] = wordsOf(id, parts);
  if (word === undefined) return { code: 'drill.unknown', message };
  const { region, end } = word;
  const where = `which drains ${region} until ${formatInstant(end)}`;
  const way = `ask ${directorOfDrill(id)}, where it began, or \`meridian undrain ${region}\` ends its word`;
  return { code: 'drill.unknown', message: `${message}, ${where}: ${way}` };
}
