// Events in sentences, as a colleague would tell them.

import type { AnswersChange } from '../model/answers.ts';
import type { DecisionState } from '../model/decision.ts';
import type {
  DirectorEvent,
  DrillChange,
  OverrideChange,
  ServiceChange,
  ShedChange,
  StreamNotice,
} from '../model/event.ts';
import type { ScheduleChange } from '../model/drill-schedule.ts';
import type { SafetyChange } from '../model/safety-change.ts';
import { glassWords, partOf, untilOf, wordOf } from './override-words.ts';
import { tellReload, tellRepeatable } from './repeatable-text.ts';

/** Undefined for what only says that something else has happened. */
export function sentenceOf(event: DirectorEvent | StreamNotice): string | undefined {
  switch (event.type) {
    case 'verdict': {
      const { region, to, isKept, reason } = event;
      if (isKept) return `${region}: too few votes are fresh, so its verdict "${to}" is kept`;
      return `${region} is ${to}${to !== 'down' || reason === '' ? '' : `: ${reason}`}`;
    }
    case 'suspicion':
      return event.isSuspect
        ? `${event.region} is suspect: some probes contradict its verdict`
        : `${event.region} is no longer suspect`;
    case 'return': {
      const { region, to, share, until } = event;
      if (until === null) return `${region} has all of its clients again`;
      const what =
        to === 'holding' ? 'is held' : `gets ${Math.round(share * 100)} % of its clients`;
      return `${region} ${what} until ${clockOf(until)}`;
    }
    case 'trip':
      return `${event.region} went down again on its way back, ${times(event.trips)} by now`;
    case 'shed':
      return tellShed(event);
    case 'override':
      return tellOverride(event);
    case 'drill':
      return tellDrill(event);
    case 'schedule':
      return tellSchedule(event);
    case 'reminder':
      return `not drilled for ${Math.round(event.afterSeconds / 86_400)} days, as far as is known: ${event.regions.join(', ')}`;
    case 'gossip':
      return tellGossip(event.to, event.missingObservers, event.lostBoards);
    case 'service':
      return tellService(event);
    case 'answers':
      return tellAnswers(event);
    case 'safety':
      return tellSafety(event);
    case 'isolation':
      return event.isIsolated
        ? `${event.observer} alone sees every other region down, so its votes are left out`
        : `the votes of ${event.observer} count again`;
    default:
      return tellDirectors(event);
  }
}

function tellOverride(event: OverrideChange): string {
  const { hasBegun, by, reason } = event;
  const what = `${partOf(event)}: ${wordOf(event)}`;
  const glass = event.breakGlass === undefined ? '' : `; ${glassWords(event.breakGlass)}`;
  if (hasBegun) return `${what} by ${by} ${untilOf(event, clockOf(event.end))}: ${reason}${glass}`;
  return `${what} ended${by === null ? ', its time is over' : ` by ${by}`}`;
}

/** `eu is too busy (120 % in use): it passes on 14 % of client networks, before 0 %`. */
function tellShed({ region, from, to, load }: ShedChange): string {
  const percent = (share: number): string => `${Math.round(share * 100)} %`;
  const inUse = load === null ? 'its load is not known' : `${percent(load)} in use`;
  if (to === 0) return `${region} passes nobody on any more (${inUse})`;
  const now = `passes on ${percent(to)} of client networks`;
  return from === 0
    ? `${region} is too busy (${inUse}) and ${now}`
    : `${region} ${now} after ${percent(from)} (${inUse})`;
}

function tellSafety({ state, rules, what, by, reason, ...part }: SafetyChange): string {
  const words = rules.map(({ rule, message }) => `${rule}: ${message}`).join('; ');
  if (state === 'holds')
    return `safety rule ${rules.map(({ rule }) => rule).join(', ')} holds again`;
  if (state === 'broken') return `SAFETY RULE BROKEN: ${words}`;
  const whom = part.region === undefined ? '' : ` ${partOf({ ...part, region: part.region })}`;
  const about = `${what}${whom}${by == null ? '' : ` by ${by}`}`;
  if (state === 'refused') return `${about} was refused: ${words}`;
  return `BREAK-GLASS: ${about} all the same, because ${reason}: ${words}`;
}

const states: Readonly<Record<DecisionState, string>> = {
  healthy: 'is answered with its healthy regions again',
  'below-floor': 'has less alive than its floor, so a region that is down is named all the same',
  'fail-open': 'has nothing alive, so geography alone decides',
  'stand-in': 'has no region left, so it is answered with the addresses of its last resort',
  'fail-closed': 'has nothing alive, and its policy answers nothing then',
  withheld: 'has no region left by the word of operators',
};

function tellService({ service, to }: ServiceChange): string {
  return `${service} ${states[to]}, for some or all of its clients`.replace(
    /again, for .*/,
    'again',
  );
}

function tellDrill({ region, drill, phase, step, share, by, reason, abort }: DrillChange): string {
  const what = `drill of ${region}`;
  if (abort !== null) return `${what} was aborted: ${abort.message} (${drill})`;
  if (phase === 'done') return `${what} is done (${drill})`;
  if (phase === 'preparing') {
    return `${what} begun by ${by}: ${reason}; its TTL is short, and nobody is moved yet (${drill})`;
  }
  return `${what}, step ${step}: ${Math.round(share * 1000) / 10} % of its clients are drained (${drill})`;
}

function tellSchedule({ schedule, region, state, reason }: ScheduleChange): string {
  const what = `the schedule ${schedule} (${region})`;
  if (state === 'begun') return `${what} has begun the drill ${reason}`;
  return state === 'waiting' ? `${what} waits: ${reason}` : `${what} was skipped: ${reason}`;
}

/** `answers over DNS: eu 61 % → 0 %, us 39 % → 100 % (1204 in 60 s before, 1180 in 60 s after)`. */
function tellAnswers({ before, after, moved }: AnswersChange): string {
  const regions = [...new Set([...Object.keys(before.shares), ...Object.keys(after.shares)])];
  const percent = (share = 0): string => `${Math.round(share * 1000) / 10} %`;
  const moves = regions.map(
    (region) => `${region} ${percent(before.shares[region])} → ${percent(after.shares[region])}`,
  );
  const counts = `${before.answers} in ${before.seconds} s before, ${after.answers} in ${after.seconds} s after`;
  const sum = moved == null ? '' : `${percent(moved)} moved, `;
  return `answers over DNS: ${sum}${moves.length === 0 ? 'none' : moves.join(', ')} (${counts})`;
}

type OfDirectors = Extract<
  DirectorEvent | StreamNotice,
  {
    readonly type:
      | 'configuration'
      | 'mixture'
      | 'files'
      | 'started'
      | 'stopped'
      | 'start'
      | 'missed'
      | 'epoch'
      | 'reload'
      | 'gate'
      | 'refusal'
      | 'notice'
      | 'repeats';
  }
>;

function tellDirectors(event: OfDirectors): string | undefined {
  switch (event.type) {
    case 'configuration':
      return event.from === event.to
        ? `settings of this director alone have changed: files ${event.files?.to} after ${event.files?.from}`
        : `another configuration is in force: ${event.to} after ${event.from}`;
    case 'started':
      return `the director started: release ${event.release}, configuration ${event.configuration}`;
    case 'stopped':
      return 'the director stopped in order';
    case 'mixture': {
      const runs = event.configurations.map(
        (of) => `${of.configuration} on ${of.directors.join(' ')}`,
      );
      return event.isMixed
        ? `directors run different configurations: ${runs.join(', ')}`
        : 'all directors that are heard run the same configuration';
    }
    case 'files':
      return event.areGood
        ? 'the configuration files have no fault any more'
        : `the configuration files have faults, the last good one is in force: ${event.faults[0]}`;
    case 'reload':
      return tellReload(event);
    case 'gate':
      return event.isClosed
        ? 'the gate is closed: nothing may be changed from now on'
        : 'the gate is open: changes may be made again';
    case 'refusal':
    case 'notice':
    case 'repeats':
      return tellRepeatable(event);
    case 'start':
      return `following ${event.director} from epoch ${event.epoch} on`;
    case 'missed':
      return event.reason === 'forgotten'
        ? 'some events were missed: too many came at once'
        : `${event.director} has started anew: what happened meanwhile is not known`;
    default:
      return undefined;
  }
}

function tellGossip(state: string, missing: readonly string[], lost: readonly string[]): string {
  const notes = [
    missing.length === 0 ? '' : `observers not heard: ${missing.join(', ')}`,
    lost.length === 0 ? '' : `boards lost: ${lost.join(', ')}`,
  ].filter((note) => note !== '');
  return `gossip is ${state}${notes.length === 0 ? '' : `; ${notes.join('; ')}`}`;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

/** The time of day in UTC. */
export function clockOf(instant: string): string {
  return instant.slice(11, 19);
}
