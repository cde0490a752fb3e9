// One drill under way: looks four times a second, gives its words as overrides, and measures.

import { byDrill } from '../../drill/drill-id.ts';
import { judgedAt } from '../../drill/judged.ts';
import {
  abortDrill,
  beginDrill,
  type DrillState,
  nextDrill,
  type Saying,
  type Turn,
} from '../../drill/next.ts';
import type { Plan } from '../../drill/plan.ts';
import { type DrillFacts, firstOthers, lookAtOthers, reportDrill } from '../../drill/report.ts';
import { recordTurn, type StepRecord } from '../../drill/step-records.ts';
import type { Baseline } from '../../drill/stops.ts';
import type { Caller, Entrance } from '../../model/caller.ts';
import {
  type DrillAbort,
  type DrillReport,
  isOver,
  type JudgementReport,
} from '../../model/drill.ts';
import type { Change } from '../../model/event.ts';
import type { Finding } from '../../model/safety.ts';
import { millis } from '../../model/time.ts';
import type { Control } from '../control.ts';
import type { Gossip } from '../gossip/gossip.ts';
import { lookAround } from './look.ts';
import type { Measuring } from './measuring.ts';
import type { NumberParts, Numbers } from './numbers.ts';
import { takeBack, wordOf } from './own-word.ts';
import type { ShelfParts } from './shelf.ts';
import type { SightParts } from './sight.ts';
import { type Terms, termsOf } from './terms.ts';

export interface DrillParts extends SightParts, ShelfParts, NumberParts {
  readonly gossip: Pick<Gossip, 'overrides' | 'votes' | 'announce' | 'sayMeasure'>;
  readonly control: Pick<Control, 'add' | 'end' | 'judgeDrill'>;
  readonly tell: (change: Change) => void;
}

export interface RunParts extends DrillParts {
  readonly measuring: Pick<Measuring, 'gather' | 'hearOut'>;
}

export interface RunFacts {
  readonly id: string;
  readonly plan: Plan;
  readonly baseline: Baseline;
  /** Read once already. */
  readonly numbers: Numbers;
  /** Of the drill as a whole. */
  readonly judgements: readonly JudgementReport[];
  readonly caller: Caller | undefined;
  /** Told of its report whenever it is at another phase. */
  readonly onChange: (report: DrillReport) => void;
}

export interface Run {
  readonly id: string;
  readonly plan: Plan;
  readonly isOver: boolean;
  /** Settles once its first word is given, or refused. */
  readonly said: Promise<unknown>;
  /** Settles once it is over and its word is taken back. */
  readonly ended: Promise<void>;
  report(): DrillReport;
  /** No more is heard of what others measured. */
  close(): void;
  abort(why: DrillAbort, caller?: Caller): Promise<void>;
}

const lookEvery = millis(250);

/** What a crash may lose of what was measured, in ms. */
const saveEvery = 2000;

export function startRun(facts: RunFacts, parts: RunParts): Run {
  const run = new ActiveRun(facts, parts);
  run.begin();
  return run;
}

class ActiveRun implements Run {
  readonly id: string;
  readonly plan: Plan;
  said: Promise<unknown> = Promise.resolve();
  ended: Promise<void> = Promise.resolve();
  readonly #facts: RunFacts;
  readonly #parts: RunParts;
  readonly #stop = new AbortController();
  readonly #closed = new AbortController();
  #state: DrillState;
  #steps: readonly StepRecord[] = [];
  #measures: DrillFacts['measures'] = new Map();
  #isHeardOut = false;
  readonly #terms: Terms;
  #others;
  #judgements;
  /** How many words are on their way to this director's own register. */
  #pending = 0;

  constructor(facts: RunFacts, parts: RunParts) {
    this.id = facts.id;
    this.plan = facts.plan;
    this.#facts = facts;
    this.#parts = parts;
    this.#others = firstOthers(facts.plan, facts.baseline);
    this.#judgements = facts.judgements;
    this.#terms = termsOf(facts.plan, parts.cell.view.snapshot.settings);
    this.#state = beginDrill(facts.plan, facts.baseline, parts.clock.now()).state;
  }

  get isOver(): boolean {
    return isOver(this.#state);
  }

  begin(): void {
    const { plan, baseline, caller, judgements } = this.#facts;
    const rules = judgements.map(({ rule, isAllowed, figures }) => ({ rule, isAllowed, figures }));
    this.#take(beginDrill(plan, baseline, this.#parts.clock.now()), { ...caller, rules });
    const numbers = this.#facts.numbers.follow(this.#stop.signal);
    this.ended = this.#follow()
      .catch((error: unknown) => this.#fail(error))
      .finally(() => this.#stop.abort())
      .then(() => numbers);
  }

  report(): DrillReport {
    const gathered = this.#parts.measuring.gather(this.id);
    // Once another drill has begun, what was told of this one stays as it was.
    if (gathered.size > 0) this.#measures = gathered;
    return reportDrill({
      id: this.id,
      state: this.#state,
      steps: this.#steps,
      measures: this.#measures,
      isHeardOut: this.#isHeardOut,
      ...this.#terms,
      others: this.#others,
      judgements: this.#judgements,
      numbers: this.#facts.numbers.states(),
    });
  }

  close(): void {
    this.#closed.abort();
    if (this.isOver && !this.#isHeardOut) this.#hearOut();
  }

  async abort(why: DrillAbort, caller?: Caller): Promise<void> {
    this.#take(abortDrill(this.#state, why, this.#parts.clock.now()), caller);
    this.#stop.abort();
    await this.said;
  }

  async #follow(): Promise<void> {
    const { clock } = this.#parts;
    let savedAt = clock.now();
    while (!this.isOver) {
      await clock.sleep(lookEvery, this.#stop.signal);
      const asked = { id: this.id, isPending: this.#pending > 0, numbers: this.#facts.numbers };
      const seen = lookAround(asked, this.#parts);
      if (clock.now() - savedAt >= saveEvery) {
        savedAt = clock.now();
        this.#facts.onChange(this.report());
      }
      this.#others = lookAtOthers(this.#others, seen.sight, this.#seconds());
      this.#take(nextDrill(this.#state, seen, clock.now()));
    }
    await this.said;
    void this.#parts.measuring.hearOut(() => this.#hearOut(), this.#closed.signal);
  }

  #hearOut(): void {
    this.#isHeardOut = true;
    this.#facts.onChange(this.report());
  }

  #seconds(): number {
    return (this.#parts.clock.now() - this.#state.startedAt) / 1000;
  }

  #take({ state, say }: Turn, entrance?: Partial<Entrance>): void {
    const last = this.#state;
    const hasMoved = say !== undefined || state.phase !== last.phase || state.step !== last.step;
    if (!hasMoved) return;
    this.#steps = recordTurn(this.#steps, last, { state, say }, this.#parts.clock.now());
    this.#state = state;
    if (say !== undefined) this.said = this.#say(say);
    this.#tell(say, entrance);
  }

  #say(say: NonNullable<Saying>): Promise<unknown> {
    const saying = say.kind === 'revert' ? takeBack(this.id, this.#parts) : this.#drain(say);
    return saying.catch((error: unknown) => this.#fail(error));
  }

  async #drain(saying: Extract<Saying, { kind: 'drain' }>): Promise<void> {
    this.#pending++;
    const request = wordOf(this.id, this.plan, saying);
    const { control, clock } = this.#parts;
    const heed = (findings: readonly Finding[]): void => {
      const judged = judgedAt(this.#state.step, clock.now(), findings);
      this.#judgements = [...this.#judgements, ...judged];
    };
    const answer = await control.add(request, byDrill, heed).finally(() => this.#pending--);
    if ('code' in answer) return this.#refuse(`${answer.message} (${answer.code})`);
    const [alone] = answer.withheld;
    if (alone !== undefined) {
      return this.#refuse(`${alone} would have no region left for some or all of its clients`);
    }
    // It may have been aborted while its word was on the way.
    if (this.isOver) await takeBack(this.id, this.#parts);
  }

  async #refuse(message: string): Promise<void> {
    this.#take(abortDrill(this.#state, { code: 'refused', message }, this.#parts.clock.now()));
    await takeBack(this.id, this.#parts);
  }

  /** A mistake of ours ends the drill, never the process; its last word ends by itself. */
  #fail(error: unknown): void {
    const { log, clock } = this.#parts;
    log.error('drill.failed', { drill: this.id, reason: String(error) });
    const message = 'the director made a mistake, which its log tells';
    this.#state = abortDrill(this.#state, { code: 'failed', message }, clock.now()).state;
    this.#isHeardOut = true;
    this.#facts.onChange(this.report());
  }

  #tell(say: Saying, entrance: Partial<Entrance> | undefined): void {
    const { phase, step, abort, plan } = this.#state;
    const share = say?.kind === 'drain' && step > 0 ? say.share : 0;
    const { region, actor: by, reason } = plan;
    const said = { drill: this.id, region, phase, step, share, by, reason, abort: abort ?? null };
    this.#parts.tell({ type: 'drill', ...said, ...entrance });
    this.#facts.onChange(this.report());
  }
}
