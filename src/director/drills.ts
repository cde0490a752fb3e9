// Drills: this director rehearses a failover, one at a time in the fleet, and keeps the reports.

import { courseOf } from '../drill/course.ts';
import { drillId, drillOfActor } from '../drill/drill-id.ts';
import { whyNotNumbers } from '../drill/number.ts';
import { type Plan, readPlan } from '../drill/plan.ts';
import { type Baseline, whyNot } from '../drill/stops.ts';
import type { DrillReport, DrillRequest } from '../model/drill.ts';
import type { Fault } from '../model/fault.ts';
import { formatName } from '../model/name.ts';
import { isActive, type Override } from '../model/override.ts';
import { describeOverride } from '../steering/words.ts';
import { type DrillParts, type Run, startRun } from './drills/run.ts';
import { createDrillShelf } from './drills/shelf.ts';
import { noteAnswers } from './drills/note.ts';
import { createNumbers, type Numbers } from './drills/numbers.ts';
import { sightOf } from './drills/sight.ts';
import type { OnSteered } from './sampled.ts';

export interface Drills extends AsyncDisposable {
  /** To be called with every answered query; costs nothing while no drill is under way. */
  readonly onAnswer: OnSteered;
  /** Begins one, unless something stands against it. */
  start(request: DrillRequest): Promise<DrillReport | Fault>;
  /** Takes its word back and ends it; one that is over stays as it is. */
  abort(id: string, actor: string): Promise<DrillReport | Fault>;
  /** The newest first; those of earlier lives too, as many as are kept. */
  list(): readonly DrillReport[];
  find(id: string): DrillReport | Fault;
}

/** `kept` is what the store has as `drills`. */
export function startDrills(parts: DrillParts, kept: string | undefined): Drills {
  const { cell, clock } = parts;
  const stop = new AbortController();
  const shelf = createDrillShelf(parts, kept);
  let run: Run | undefined;
  const unknown = (id: string): Fault => ({
    code: 'drill.unknown',
    message: `this director knows of no drill "${id}"`,
  });
  const find = (id: string): DrillReport | Fault =>
    (run?.id === id ? run.report() : undefined) ??
    shelf.reports().find((report) => report.id === id) ??
    unknown(id);
  return {
    onAnswer: noteAnswers(cell, clock, () => run),
    async start(request) {
      const { settings } = cell.view.snapshot;
      const plan = readPlan(request, settings);
      if ('code' in plan) return plan;
      const numbers = createNumbers(plan.numbers, parts);
      const early = busyWith(run) ?? objectionOf(plan, numbers, parts);
      if (early !== undefined) return early;
      await numbers.read(stop.signal);
      // Answers take their time, in which another may have begun.
      const fault =
        (stop.signal.aborted ? refuse('this director stops') : busyWith(run)) ??
        objectionOf(plan, numbers, parts) ??
        judgeWhole(plan, parts);
      if (fault !== undefined) return fault;
      const id = drillId(settings.director.id, clock.now());
      run = startRun(
        { id, plan, baseline: baselineOf(parts), numbers, onChange: shelf.put },
        parts,
      );
      await run.said;
      return run.report();
    },
    async abort(id, actor) {
      if (actor.trim() === '' || actor.length > 200) {
        return { code: 'request.invalid', path: '/actor', message: 'want 1 to 200 characters' };
      }
      if (run?.id === id) await run.abort({ code: 'asked', message: `by ${actor.trim()}` });
      return find(id);
    },
    list() {
      const own = run?.report();
      const others = shelf.reports().filter(({ id }) => id !== own?.id);
      return own === undefined ? others : [own, ...others];
    },
    find,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await run?.abort({ code: 'stopped', message: 'its director stopped' });
      await run?.ended;
      await shelf.flush();
    },
  };
}

function busyWith(run: Run | undefined): Fault | undefined {
  return run?.isOver === false ? busy(run.id) : undefined;
}

/** What stands against beginning it now. */
function objectionOf(plan: Plan, numbers: Numbers, parts: DrillParts): Fault | undefined {
  const words = wordsNow(parts);
  const other = words.flatMap(({ actor }) => drillOfActor(actor) ?? [])[0];
  if (other !== undefined) return busy(other);
  const own = words.find(({ region }) => region === plan.region);
  const why =
    own === undefined
      ? (whyNot(plan, sightOf(parts)) ?? whyNotNumbers(numbers.states()))
      : describeOverride(own);
  return why === undefined ? undefined : refuse(why);
}

function refuse(why: string): Fault {
  return { code: 'drill.refused', message: `no drill begins now: ${why}` };
}

/** What safety rules say of it as a whole, in the name of whoever wants it. */
function judgeWhole(plan: Plan, { control, clock }: DrillParts): Fault | undefined {
  const { share, span, turns } = courseOf(plan, clock.now());
  const { region, actor, reason } = plan;
  const service = plan.service && { service: formatName(plan.service) };
  const worst = {
    region,
    kind: 'drain',
    actor,
    reason,
    for: `${span}ms`,
    share,
    ...service,
  } as const;
  return control.judgeDrill(worst, turns);
}

function baselineOf(parts: DrillParts): Baseline {
  return { sight: sightOf(parts), words: new Set(wordsNow(parts).map(({ id }) => id)) };
}

function wordsNow({ gossip, clock }: DrillParts): Override[] {
  return gossip.overrides().filter((word) => isActive(word, clock.now()));
}

function busy(id: string): Fault {
  return { code: 'drill.busy', message: `the drill ${id} is under way, or its word has not ended` };
}
