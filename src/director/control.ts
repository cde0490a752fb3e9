// Control: an operator's word becomes an override that every director hears.

import { drillDoor, drillOfActor } from '../drill/drill-id.ts';
import type { Caller } from '../model/caller.ts';
import type { Fault } from '../model/fault.ts';
import { formatName } from '../model/name.ts';
import {
  isActive,
  isPermanent,
  longestOverride,
  movesNobody,
  type Override,
} from '../model/override.ts';
import type { RegionId } from '../model/region.ts';
import { type Millis, millis } from '../model/time.ts';
import type { OverrideRequest } from '../model/override-request.ts';
import type { BreakGlass, Finding, Judgement } from '../model/safety.ts';
import type { Clock, Seal } from '../ports.ts';
import { fencesIn } from '../steering/steps/fence.ts';
import type { DoorBook } from './record/doors.ts';
import { decodeBallot, encodeBallot } from './gossip/ballot.ts';
import type { Gossip } from './gossip/gossip.ts';
import { localOverride, overrideBallot } from './gossip/relay.ts';
import type { Hearing, Heed, Safety } from './safety.ts';
import type { SnapshotCell } from './snapshot.ts';
import { faultInGlass, faultInText, readWord, refuse, type Word } from './word.ts';

/** An override that was given or ended, and what came of it. */
export interface Change {
  readonly override: Override;
  /** On how many boards it stands. */
  readonly posted: number;
  /** Of so many, those that are lost for now among them. */
  readonly boards: number;
  /** Services that overrides now leave without any region. */
  readonly withheld: readonly string[];
  /** As it is signed for the boards, so that whoever carries it to another director changes nothing. */
  readonly signed: string;
}

export interface Control {
  /** `heed` hears what each safety rule found. */
  add(request: OverrideRequest, caller?: Caller, heed?: Heed): Promise<Change | Fault>;
  /** What the rules would say; nothing comes of it. */
  look(request: OverrideRequest): Judgement | Fault;
  /** Why no drill must begin whose worst word this is, with the moments at which its words begin and end. */
  judgeDrill(
    request: OverrideRequest,
    turns: readonly Millis[],
    hearing?: Hearing,
  ): Fault | undefined;
  end(id: string, actor: string, caller?: Caller, glass?: BreakGlass): Promise<Change | Fault>;
  /** Takes the word of this id as another director signed it; it may have come by itself. */
  take(id: string, signed: string, caller?: Caller): Promise<Change | Fault>;
}

export interface ControlOptions {
  readonly cell: SnapshotCell;
  readonly gossip: Gossip;
  readonly seal: Seal;
  readonly clock: Clock;
  /** A new id for each override. */
  readonly newId: () => string;
  /** Called after each word, so that this director acts on it at once. */
  readonly onWord: () => void;
  readonly safety: Safety;
  readonly doors?: DoorBook;
}

export function createControl(options: ControlOptions): Control {
  const { cell, gossip, seal, clock, newId, safety } = options;
  const put = (override: Override, caller: Caller | undefined, heed?: Heed) =>
    judgeWord(override, caller, options, heed);
  return {
    async add(request, caller, heed) {
      const word = readWord(request, cell.view.snapshot.settings);
      if ('code' in word) return word;
      const forged = faultInSigner(word.actor, caller);
      if (forged !== undefined) return forged;
      const given = { id: newId(), ...startedNow(word, clock), clock: gossip.nextClock() };
      return put(given, caller, heed);
    },
    look(request) {
      const word = unsaid(request, options);
      return 'code' in word ? word : (faultInSigner(word.actor, undefined) ?? safety.look(word));
    },
    judgeDrill(request, turns, hearing) {
      const word = unsaid(request, options);
      return 'code' in word ? word : safety.judgeDrill(word, turns, hearing);
    },
    async end(id, actor, caller, glass) {
      const fault = faultInSigner(actor, caller) ?? faultInGlass(glass);
      if (fault !== undefined) return fault;
      const override = gossip.overrides().find((word) => word.id === id);
      if (override === undefined || override.isLifted) {
        return { code: 'override.unknown', message: `no override in force has the id "${id}"` };
      }
      // What was permanent need not be remembered for good: a week is the longest that others last.
      const end = isPermanent(override) ? millis(clock.now() + longestOverride) : override.end;
      const lifted = { isLifted: true, clock: gossip.nextClock() };
      const { breakGlass: _, ...rest } = override;
      const said = { actor: actor.trim(), end, ...(glass && { breakGlass: glass }) };
      return put({ ...rest, ...said, ...lifted }, caller);
    },
    async take(id, signed, caller) {
      const ballot = decodeBallot(signed, seal);
      if (typeof ballot === 'string' || ballot.kind !== 'override' || ballot.override.id !== id) {
        return refuse('/signed', `want the override "${id}" as a director of this fleet signed it`);
      }
      const now = clock.now();
      const override = localOverride(ballot.override, ballot.age, now);
      if (override.isLifted || isActive(override, now)) return put(override, caller);
      return refuse('/signed', `the override "${id}" has ended`);
    },
  };
}

/** Drills sign their words, and are judged as drills: nobody else may pass for one. */
function faultInSigner(actor: string, caller: Caller | undefined): Fault | undefined {
  if (caller?.door === drillDoor || drillOfActor(actor.trim()) === undefined) {
    return faultInText('actor', actor);
  }
  return refuse('/actor', 'is how a drill signs: want the name of a person or a program');
}

/** As it would be said now; nobody hears of it. */
function unsaid(request: OverrideRequest, { cell, clock }: ControlOptions): Override | Fault {
  const { settings } = cell.view.snapshot;
  const { id: node } = settings.director;
  const word = readWord(request, settings);
  if ('code' in word) return word;
  return {
    id: '',
    ...startedNow(word, clock),
    clock: { wall: clock.now(), counter: 0, node },
  };
}

function startedNow({ span, ...said }: Word, clock: Clock): Omit<Override, 'id' | 'clock'> {
  const start = clock.now();
  return { ...said, start, end: millis(start + span), isLifted: false };
}

async function judgeWord(
  override: Override,
  caller: Caller | undefined,
  options: ControlOptions,
  heed: Heed | undefined,
): Promise<Change | Fault> {
  let rules: readonly Finding[] = [];
  const fault = options.safety.judgeWord(override, caller, (findings) => {
    rules = findings;
    heed?.(findings);
  });
  if (fault !== undefined) return fault;
  if (caller !== undefined) options.doors?.note(override, { ...caller, rules });
  return putWord(override, options);
}

async function putWord(
  override: Override,
  { cell, gossip, seal, clock, onWord }: ControlOptions,
): Promise<Change | Fault> {
  const now = clock.now();
  const posting = gossip.putOverride(override);
  onWord();
  const withheld = withheldServices(cell, override);
  const { hearing, ...stands } = await posting;
  if (hearing === 'stale') {
    const message = 'a later word on this is known here: give it anew at this director';
    return { code: 'override.outdone', message };
  }
  if (hearing === 'full') {
    return { code: 'override.full', message: 'there is no room for another override' };
  }
  const ballot = overrideBallot(override, now);
  return { override, ...stands, withheld, signed: ballot ? encodeBallot(ballot, seal) : '' };
}

/**
 * Services of which operators have taken out every region, or every one that a fence allows, for some clients
 * at least. A drill's word for nobody takes out nothing, but at its own beginning, for the steps to come.
 */
function withheldServices(cell: SnapshotCell, said: Override): string[] {
  const { plans, overrides: words, settings } = cell.view.snapshot;
  const spoken = new Set(Array.from(words.values(), ({ region }) => region));
  const isSpoken = (region: RegionId): boolean => spoken.has(region);
  const withheld: string[] = [];
  // There may be thousands: what operators' words come to is worked out for few of them.
  for (const { name, regions, steps } of settings.services.values()) {
    const territories = [{ regions }, ...fencesIn(steps)].filter((each) =>
      each.regions.every(isSpoken),
    );
    const effect = territories.length === 0 ? undefined : plans.get(name)?.overrides;
    if (effect === undefined) continue;
    const isOut = (region: RegionId): boolean => {
      const word = effect.get(region);
      if (word === undefined || word.kind === 'up') return false;
      return word.id === said.id || !movesNobody(word);
    };
    if (territories.some((each) => each.regions.every(isOut))) withheld.push(formatName(name));
  }
  return withheld;
}
