// Measuring at every director: while the word of any drill is in force, its own answers are looked at.

import { drillOfActor } from '../../drill/drill-id.ts';
import { Measure } from '../../drill/measure.ts';
import { Visits } from '../../drill/visits.ts';
import type { DrillMeasure } from '../../model/drill-measure.ts';
import { type Override, shareOfNobody } from '../../model/override.ts';
import { type Millis, millis } from '../../model/time.ts';
import type { Clock } from '../../ports.ts';
import { isDrained } from '../../steering/steps/overrides.ts';
import type { Gossip } from '../gossip/gossip.ts';
import type { OnSteered } from '../sampled.ts';
import type { SnapshotCell } from '../snapshot.ts';
import { drillWord, noteAnswers } from './note.ts';

export interface Measuring {
  /** To be called with every answered query; costs nothing while no drill is under way. */
  readonly onAnswer: OnSteered;
  /** Takes rows of `Visits` of another thread. */
  hear(rows: Float64Array): void;
  /** What is known of a drill now, by director: of those that were fresh, none where one is silent. */
  gather(drill: string): ReadonlyMap<string, DrillMeasure | undefined>;
  /** Has a report written again a few times after the end, with what others tell late. */
  hearOut(write: () => void, stop: AbortSignal): Promise<void>;
}

export interface MeasuringParts {
  readonly cell: SnapshotCell;
  readonly gossip: Pick<Gossip, 'votes' | 'announce' | 'sayMeasure'>;
  readonly clock: Clock;
}

/** So long after its end a drill's figures go along with votes, for whoever writes its report. */
const saidFor = millis(60_000);

/** With the first of them it is told whether objectives were met. */
const lastLooks = [2000, 2000, 4000, 10_000, 20_000, 20_000].map(millis);

/** More directors than that are not told apart. */
const mostDirectors = 1024;

interface Current {
  readonly drill: string;
  readonly measure: Measure;
  /** Of the word in force. */
  share: number;
  /** What was measured in the end, and when that was. */
  ended: { readonly at: Millis; readonly measured: DrillMeasure } | undefined;
  readonly heard: Map<string, DrillMeasure | undefined>;
}

export function startMeasuring(parts: MeasuringParts): Measuring {
  const { cell, gossip, clock } = parts;
  let current: Current | undefined;
  const hear = (rows: Float64Array): void => {
    if (current?.ended === undefined) current?.measure.hear(rows);
  };
  const visits = new Visits(hear);
  cell.onSwap(({ snapshot }) => {
    const word = drillWord(snapshot.overrides);
    const drill = word && drillOfActor(word.actor);
    visits.flush();
    if (current !== undefined && drill !== current.drill) end(current, parts);
    if (word === undefined || drill === undefined) return;
    if (drill !== current?.drill) current = begin(drill, parts);
    follow(word, current, clock.now());
  });
  const measured = (): DrillMeasure | undefined => {
    visits.flush();
    return current?.ended?.measured ?? current?.measure.measured(clock.now());
  };
  gossip.sayMeasure(() => {
    const isOld = clock.now() - (current?.ended?.at ?? clock.now()) > saidFor;
    return isOld ? undefined : measured();
  });
  return {
    onAnswer: noteAnswers(cell, clock, visits),
    hear,
    gather(drill) {
      if (current?.drill !== drill) return new Map();
      hearOthers(current, gossip);
      current.heard.set(cell.view.snapshot.settings.director.id, measured());
      return new Map(current.heard);
    },
    async hearOut(write, stop) {
      for (const span of lastLooks) {
        await clock.sleep(span, stop);
        if (stop.aborted) return;
        write();
      }
    },
  };
}

/** Who is heard of as it begins should tell of it. */
function begin(drill: string, { cell, gossip, clock }: MeasuringParts): Current {
  const { health } = cell.view.snapshot.settings;
  const now = clock.now();
  const fresh = gossip.votes().filter(({ freshAt }) => now - freshAt <= health.voteLifetime);
  const heard = new Map(
    fresh.slice(0, mostDirectors).map(({ vote }) => [vote.observer, undefined] as const),
  );
  return { drill, measure: new Measure(drill), share: 0, ended: undefined, heard };
}

function follow({ region, share = 1, start }: Override, current: Current, heardAt: Millis): void {
  if (share === current.share || current.ended !== undefined) return;
  current.share = share;
  // Of the word that lowers the TTL nobody moves.
  if (share <= shareOfNobody) return;
  // Where it has yet to start, the clock is behind that of who gave it.
  const since = millis(Math.min(start, heardAt));
  current.measure.beginStep(share, { begin: since, heardAt }, (network) =>
    isDrained(region, share, network),
  );
}

function end(current: Current, { gossip, clock }: MeasuringParts): void {
  if (current.ended !== undefined) return;
  const at = clock.now();
  current.measure.endStep(at);
  current.ended = { at, measured: current.measure.measured(at) };
  // Whoever writes the report waits for it.
  gossip.announce();
}

function hearOthers({ drill, heard }: Current, gossip: MeasuringParts['gossip']): void {
  for (const { vote } of gossip.votes()) {
    const hasRoom = heard.has(vote.observer) || heard.size < mostDirectors;
    if (vote.drill?.drill === drill && hasRoom) heard.set(vote.observer, vote.drill);
  }
}
