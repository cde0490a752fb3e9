// One drill under way: looks four times a second, gives its words as overrides, and measures.

import { drillActor, drillDoor, drillOfActor } from '../../drill/drill-id.ts';
import { createMeasure, type Measure } from '../../drill/measure.ts';
import {
  abortDrill,
  beginDrill,
  type DrillState,
  isOver,
  nextDrill,
  type Saying,
  type Turn,
} from '../../drill/next.ts';
import { whyOfNumbers } from '../../drill/number.ts';
import type { Plan } from '../../drill/plan.ts';
import { firstOthers, lookAtOthers, reportDrill, type StepRecord } from '../../drill/report.ts';
import type { Baseline, Seen } from '../../drill/stops.ts';
import type { DrillAbort, DrillReport } from '../../model/drill.ts';
import type { Change } from '../../model/event.ts';
import { formatName } from '../../model/name.ts';
import { isActive, type Override } from '../../model/override.ts';
import { millis } from '../../model/time.ts';
import { isDrained } from '../../steering/steps/overrides.ts';
import { describeOverride } from '../../steering/words.ts';
import type { Control } from '../control.ts';
import type { Gossip } from '../gossip/gossip.ts';
import type { NumberParts, Numbers } from './numbers.ts';
import type { ShelfParts } from './shelf.ts';
import { type SightParts, sightOf } from './sight.ts';

export interface DrillParts extends SightParts, ShelfParts, NumberParts {
  readonly gossip: Pick<Gossip, 'overrides'>;
  readonly control: Pick<Control, 'add' | 'end' | 'judgeDrill'>;
  readonly tell: (change: Change) => void;
}

export interface RunFacts {
  readonly id: string;
  readonly plan: Plan;
  readonly baseline: Baseline;
  /** Read once already. */
  readonly numbers: Numbers;
  /** Told of its report whenever it is at another phase. */
  readonly onChange: (report: DrillReport) => void;
}

export interface Run {
  readonly id: string;
  readonly plan: Plan;
  readonly measure: Measure;
  readonly isOver: boolean;
  /** Settles once its first word is given, or refused. */
  readonly said: Promise<void>;
  /** Settles once it is over and its word is taken back. */
  readonly ended: Promise<void>;
  report(): DrillReport;
  abort(why: DrillAbort): Promise<void>;
}

const lookEvery = millis(250);

export function startRun(facts: RunFacts, parts: DrillParts): Run {
  const run = new ActiveRun(facts, parts);
  run.begin();
  return run;
}

class ActiveRun implements Run {
  readonly id: string;
  readonly plan: Plan;
  readonly measure = createMeasure();
  said: Promise<void> = Promise.resolve();
  ended: Promise<void> = Promise.resolve();
  readonly #facts: RunFacts;
  readonly #parts: DrillParts;
  readonly #stop = new AbortController();
  #state: DrillState;
  #steps: readonly StepRecord[] = [];
  #others;
  /** How many words are on their way to this director's own register. */
  #pending = 0;

  constructor(facts: RunFacts, parts: DrillParts) {
    this.id = facts.id;
    this.plan = facts.plan;
    this.#facts = facts;
    this.#parts = parts;
    this.#others = firstOthers(facts.plan, facts.baseline);
    this.#state = beginDrill(facts.plan, facts.baseline, parts.clock.now()).state;
  }

  get isOver(): boolean {
    return isOver(this.#state);
  }

  begin(): void {
    const { plan, baseline } = this.#facts;
    this.#take(beginDrill(plan, baseline, this.#parts.clock.now()));
    const numbers = this.#facts.numbers.follow(this.#stop.signal);
    this.ended = this.#follow()
      .catch((error: unknown) => this.#fail(error))
      .finally(() => this.#stop.abort())
      .then(() => numbers);
  }

  report(): DrillReport {
    const { director } = this.#parts.cell.view.snapshot.settings;
    return reportDrill({
      id: this.id,
      director: director.id,
      state: this.#state,
      steps: this.#stepsNow(),
      others: this.#others,
      numbers: this.#facts.numbers.states(),
      unnoted: this.measure.unnoted(),
    });
  }

  async abort(why: DrillAbort): Promise<void> {
    this.#take(abortDrill(this.#state, why, this.#parts.clock.now()));
    this.#stop.abort();
    await this.said;
  }

  async #follow(): Promise<void> {
    const { clock } = this.#parts;
    while (!this.isOver) {
      await clock.sleep(lookEvery, this.#stop.signal);
      const seen = this.#look();
      this.#others = lookAtOthers(this.#others, seen.sight);
      this.#take(nextDrill(this.#state, seen, clock.now()));
    }
    await this.said;
  }

  #look(): Seen {
    const { gossip, clock } = this.#parts;
    const now = clock.now();
    const words = new Map<string, string>();
    let isHeard = this.#pending > 0;
    let earlier: string | undefined;
    for (const word of gossip.overrides()) {
      if (!isActive(word, now)) continue;
      const drill = drillOfActor(word.actor);
      if (drill === this.id) isHeard = true;
      else if (drill === undefined) words.set(word.id, describeOverride(word));
      else if (drill < this.id) earlier = drill;
    }
    const number = whyOfNumbers(this.#facts.numbers.states(), now);
    return { sight: sightOf(this.#parts), words, isHeard, earlier, number };
  }

  #take({ state, say }: Turn): void {
    const last = this.#state;
    const hasMoved = say !== undefined || state.phase !== last.phase || state.step !== last.step;
    if (!hasMoved) return;
    this.#closeStep();
    this.#state = state;
    if (say?.kind === 'drain' && state.step > 0) this.#openStep(say.share);
    if (say !== undefined) this.said = this.#say(say);
    this.#tell(say);
  }

  #say(say: NonNullable<Saying>): Promise<void> {
    const saying = say.kind === 'revert' ? this.#revert() : this.#drain(say);
    return saying.catch((error: unknown) => this.#fail(error));
  }

  async #drain({ share, span }: Extract<Saying, { kind: 'drain' }>): Promise<void> {
    const { region, service, reason } = this.plan;
    this.#pending++;
    const part = { ...(service !== undefined && { service: formatName(service) }), share };
    const given = { region, kind: 'drain', actor: drillActor(this.id), reason, ...part } as const;
    const request = { ...given, for: `${span}ms` };
    const answer = await this.#parts.control.add(request, drillDoor).finally(() => this.#pending--);
    if ('code' in answer) return this.#refuse(`${answer.message} (${answer.code})`);
    const [alone] = answer.withheld;
    if (alone !== undefined) return this.#refuse(`${alone} would have no region left`);
    // It may have been aborted while its word was on the way.
    if (this.isOver) await this.#revert();
  }

  async #refuse(message: string): Promise<void> {
    this.#take(abortDrill(this.#state, { code: 'refused', message }, this.#parts.clock.now()));
    await this.#revert();
  }

  /** A mistake of ours ends the drill, never the process; its last word ends by itself. */
  #fail(error: unknown): void {
    const { log, clock } = this.#parts;
    log.error('drill.failed', { drill: this.id, reason: String(error) });
    const message = 'the director made a mistake, which its log tells';
    this.#state = abortDrill(this.#state, { code: 'failed', message }, clock.now()).state;
    this.#facts.onChange(this.report());
  }

  /** Its own word alone: whatever took that one's place is somebody else's. */
  async #revert(): Promise<void> {
    const { gossip, control, clock } = this.#parts;
    const now = clock.now();
    const own = gossip
      .overrides()
      .filter((word: Override) => isActive(word, now) && drillOfActor(word.actor) === this.id);
    await Promise.all(own.map(({ id }) => control.end(id, drillActor(this.id), drillDoor)));
  }

  #openStep(share: number): void {
    const now = this.#parts.clock.now();
    const { region } = this.plan;
    this.measure.beginStep(now, (network) => isDrained(region, share, network));
    const measured = this.measure.measured(now);
    if (measured === undefined) return;
    const record = { step: this.#state.step, share, startedAt: now, endedAt: undefined, measured };
    this.#steps = [...this.#steps, record];
  }

  #closeStep(): void {
    const endedAt = this.#parts.clock.now();
    this.#steps = this.#stepsNow().map((step) => ({ ...step, endedAt: step.endedAt ?? endedAt }));
  }

  /** With what is measured by now of the one that is under way. */
  #stepsNow(): readonly StepRecord[] {
    const now = this.#parts.clock.now();
    return this.#steps.map((step) => {
      if (step.endedAt !== undefined) return step;
      return { ...step, measured: this.measure.measured(now) ?? step.measured };
    });
  }

  #tell(say: Saying): void {
    const { phase, step, abort, plan } = this.#state;
    const share = say?.kind === 'drain' && step > 0 ? say.share : 0;
    const { region, actor: by, reason } = plan;
    const said = { drill: this.id, region, phase, step, share, by, reason, abort: abort ?? null };
    this.#parts.tell({ type: 'drill', ...said });
    this.#facts.onChange(this.report());
  }
}
