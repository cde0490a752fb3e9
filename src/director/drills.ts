// Drills: this director rehearses a failover, one at a time in the fleet, and keeps the reports.

import type { Caller } from '../model/caller.ts';
import type { DrillReport, DrillRequest } from '../model/drill.ts';
import type { Fault } from '../model/fault.ts';
import { factsOf, judgeWhole, objectionTo, readAsked, refuseDrill } from './drills/beginning.ts';
import { endLeft, tellEnd, unknownDrill } from './drills/left.ts';
import { type DrillParts, type Run, startRun } from './drills/run.ts';
import { createDrillShelf, type DrillShelf } from './drills/shelf.ts';
import { type Measuring, startMeasuring } from './drills/measuring.ts';

export interface Drills extends AsyncDisposable, Pick<Measuring, 'onAnswer' | 'hear'> {
  /** Begins one, unless something stands against it; `isQuiet` where a refusal by safety rules was told before. */
  start(request: DrillRequest, isQuiet?: boolean, caller?: Caller): Promise<DrillReport | Fault>;
  /** Takes its word back and ends it; one that is over stays as it is. */
  abort(id: string, actor: string, caller?: Caller): Promise<DrillReport | Fault>;
  /** The newest first; those of earlier lives too, as many as are kept. */
  list(): readonly DrillReport[];
  find(id: string): DrillReport | Fault;
}

/** `kept` is what the store has as `drills`. */
export function startDrills(parts: DrillParts, kept: string | undefined): Drills {
  const stop = new AbortController();
  const shelf = createDrillShelf(parts, kept);
  const measuring = startMeasuring(parts);
  endOrphans(shelf, parts);
  let run: Run | undefined;
  const find = (id: string): DrillReport | Fault =>
    (run?.id === id ? run.report() : undefined) ??
    shelf.reports().find((report) => report.id === id) ??
    unknownDrill(id, parts);
  return {
    ...measuring,
    async start(request, isQuiet, caller) {
      const asked = readAsked(request, parts);
      if ('code' in asked) return asked;
      const early = objectionTo(asked, run, parts);
      if (early !== undefined) return early;
      await asked.numbers.read(stop.signal);
      if (stop.signal.aborted) return refuseDrill('this director stops');
      // Answers take their time, in which another may have begun.
      const hearing = { isQuiet: isQuiet ?? false, caller };
      const judgements = objectionTo(asked, run, parts) ?? judgeWhole(asked, parts, hearing);
      if ('code' in judgements) return judgements;
      const facts = { ...factsOf(asked, parts), judgements, caller, onChange: shelf.put };
      run = startRun(facts, { ...parts, measuring });
      await run.said;
      return run.report();
    },
    async abort(id, actor, caller) {
      const who = actor.trim();
      if (who === '' || actor.length > 200) return nobody;
      if (run?.id === id) await run.abort({ code: 'asked', message: `by ${who}` }, caller);
      const found = find(id);
      if (run?.id === id || 'code' in found) return found;
      const ended = await endLeft(found, who, caller, parts);
      if (ended !== undefined) shelf.put(ended);
      return ended ?? found;
    },
    list: () => newestFirst(run?.report(), shelf.reports()),
    find,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await run?.abort({ code: 'stopped', message: 'its director stopped' });
      await run?.ended;
      run?.close();
      await shelf.flush();
    },
  };
}

/** Kept, so that the next start finds them over, and told once. */
function endOrphans(shelf: DrillShelf, parts: DrillParts): void {
  for (const report of shelf.orphans) {
    shelf.put(report);
    tellEnd(report, parts);
  }
}

const nobody: Fault = {
  code: 'request.invalid',
  path: '/actor',
  message: 'want 1 to 200 characters',
};

function newestFirst(
  own: DrillReport | undefined,
  kept: readonly DrillReport[],
): readonly DrillReport[] {
  return own === undefined ? kept : [own, ...kept.filter(({ id }) => id !== own.id)];
}
