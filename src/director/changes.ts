// Changes: what is different between two moments of a director, as events that tell of it.

import type { Change, GossipChange, OverrideChange, ShedChange, VoteWord } from '../model/event.ts';
import type { SafetyChange } from '../model/safety-change.ts';
import type { Entrance } from '../model/caller.ts';
import type { DecisionState } from '../model/decision.ts';
import type { CountedVote, HealthView, RegionHealth } from '../model/health.ts';
import type { LoadView } from '../model/load.ts';
import { isPermanent, type Override, overrideKey } from '../model/override.ts';
import type { RegionId } from '../model/region.ts';
import type { ConfigurationReport, FilesReport } from '../model/report.ts';
import type { Settings } from '../model/settings.ts';
import { formatInstant } from '../model/time.ts';
import type { Snapshot } from '../steering/snapshot.ts';
import { type GossipReport, reportPart } from './report.ts';

/** Everything whose changes are told. */
export interface Moment {
  readonly snapshot: Pick<Snapshot, 'epoch' | 'settings' | 'overrides' | 'loads'>;
  /** The newest tally. */
  readonly health: HealthView;
  /** The latest word of each key, also a lifted one. */
  readonly words: readonly Override[];
  readonly gossip: GossipReport;
  /** Who runs what. */
  readonly configurations: readonly ConfigurationReport[];
  readonly files: FilesReport;
  /** How each service is answered, by its name. */
  readonly services: ReadonlyMap<string, DecisionState>;
  /** Observers whose votes are left out. */
  readonly isolated: ReadonlySet<string>;
  /** Safety rules that do not hold, with what each says. */
  readonly broken: ReadonlyMap<string, string>;
  /** By which door a word came in here; undefined for one that came in elsewhere. */
  readonly doorOf: (word: Override) => Entrance | undefined;
}

/** In the order in which they are to be told; empty when both moments are alike. */
export function changesBetween(before: Moment, after: Moment): Change[] {
  const { snapshot: last } = before;
  const { snapshot } = after;
  return [
    ...filesChanges(before.files, after.files),
    ...configurationChanges(last.settings, snapshot.settings),
    ...isolationChanges(before.isolated, after.isolated),
    ...Array.from(after.health).flatMap(([region, health]) =>
      regionChanges(region, before.health.get(region), health),
    ),
    ...shedChanges(last.loads, snapshot.loads),
    ...overrideChanges(last.overrides, snapshot.overrides, after),
    ...serviceChanges(before.services, after.services),
    ...ruleChanges(before.broken, after.broken),
    ...gossipChanges(before.gossip, after.gossip),
    ...mixtureChanges(before.configurations, after.configurations),
    ...(last.epoch === snapshot.epoch ? [] : [{ type: 'epoch' } as const]),
  ];
}

/** Told anew when the files have other faults than before. */
function filesChanges(before: FilesReport, { areGood, faultCount, faults }: FilesReport): Change[] {
  const isSame = faultCount === before.faultCount && faults.join() === before.faults.join();
  return isSame ? [] : [{ type: 'files', areGood, faults }];
}

/** So many digits tell two configurations apart. */
const digits = 12;

function configurationChanges(last: Settings, next: Settings): Change[] {
  const [from, to] = [last.configuration, next.configuration];
  const files = { from: last.digest.slice(0, digits), to: next.digest.slice(0, digits) };
  const isSame = from === to && files.from === files.to;
  return isSame ? [] : [{ type: 'configuration', from, to, files }];
}

function isolationChanges(before: ReadonlySet<string>, after: ReadonlySet<string>): Change[] {
  return [...before.symmetricDifference(after)].map((observer) => {
    return { type: 'isolation', observer, isIsolated: after.has(observer) };
  });
}

/** A service that is new, or gone, is the configuration's doing. */
function serviceChanges(before: Moment['services'], after: Moment['services']): Change[] {
  if (before === after) return [];
  return Array.from(after).flatMap(([service, to]) => {
    const from = before.get(service) ?? 'healthy';
    return from === to ? [] : [{ type: 'service', service, from, to } as const];
  });
}

/** Told when a rule breaks and when it holds again, not when its figures change between. */
function ruleChanges(before: Moment['broken'], after: Moment['broken']): SafetyChange[] {
  const rules = [...new Set(before.keys()).symmetricDifference(new Set(after.keys()))];
  return rules.map((rule): SafetyChange => {
    const message = after.get(rule);
    const state = message === undefined ? 'holds' : 'broken';
    return { type: 'safety', state, rules: [{ rule, message: message ?? 'holds again' }] };
  });
}

/** Told when it begins and when it ends, not at each step between. */
function mixtureChanges(
  before: readonly ConfigurationReport[],
  configurations: readonly ConfigurationReport[],
): Change[] {
  const isMixed = configurations.length > 1;
  return isMixed === before.length > 1 ? [] : [{ type: 'mixture', isMixed, configurations }];
}

function regionChanges(
  region: RegionId,
  last: RegionHealth | undefined,
  { verdict: to, isKept, isSuspect, votes, recovery }: RegionHealth,
): Change[] {
  const changes: Change[] = [];
  // Before its first votes a region is unknown, which is no change.
  const isFirst = last === undefined && to === 'unknown';
  if (!isFirst && (last?.verdict !== to || last.isKept !== isKept)) {
    const reason = votes.find((vote) => vote.verdict === to && vote.reason !== '')?.reason ?? '';
    const from = last?.verdict ?? 'none';
    changes.push({ type: 'verdict', region, from, to, isKept, reason, votes: tellVotes(votes) });
  }
  if ((last?.isSuspect ?? false) !== isSuspect) {
    changes.push({ type: 'suspicion', region, isSuspect });
  }
  const { stage, share, nextAt, trips } = recovery;
  const was = last?.recovery;
  // That a region is out, or back at once, its verdict says.
  const isOnItsWay = nextAt !== undefined || (was?.nextAt !== undefined && stage === 'open');
  if (was !== undefined && isOnItsWay && (was.stage !== stage || was.share !== share)) {
    const until = nextAt === undefined ? null : formatInstant(nextAt);
    changes.push({ type: 'return', region, from: was.stage, to: stage, share, until, trips });
  }
  if (trips > (was?.trips ?? 0)) changes.push({ type: 'trip', region, trips });
  return changes;
}

/** Of fleets of any size so many tell enough. */
const mostVotes = 32;

function tellVotes(votes: readonly CountedVote[]): VoteWord[] {
  return votes
    .slice(0, mostVotes)
    .map(({ observer, region, verdict, reason }) => ({ observer, region, verdict, reason }));
}

function shedChanges(before: LoadView, after: LoadView): ShedChange[] {
  const regions = new Set([...before.keys(), ...after.keys()]);
  return Array.from(regions).flatMap((region) => {
    const [from, to] = [before.get(region)?.shed ?? 0, after.get(region)?.shed ?? 0];
    const share = after.get(region)?.share;
    const load = share === undefined ? null : Math.round(share * 10_000) / 10_000;
    return from === to ? [] : [{ type: 'shed', region, from, to, load }];
  });
}

function overrideChanges(
  before: Snapshot['overrides'],
  after: Snapshot['overrides'],
  { words, doorOf }: Pick<Moment, 'words' | 'doorOf'>,
): OverrideChange[] {
  const ended = Array.from(before).filter(([key, { id }]) => after.get(key)?.id !== id);
  const begun = Array.from(after).filter(([key, { id }]) => before.get(key)?.id !== id);
  return [
    ...ended.map(([key, override]) => {
      // Whoever lifted or replaced it; nobody when its time was over.
      const word = words.find((each) => overrideKey(each) === key);
      const isOver = word === undefined || (word.id === override.id && !word.isLifted);
      return tellOverride(override, false, isOver ? undefined : word, doorOf);
    }),
    ...begun.map(([, override]) => tellOverride(override, true, override, doorOf)),
  ];
}

/** `word` is the one that made it begin or end. */
function tellOverride(
  override: Override,
  hasBegun: boolean,
  word: Override | undefined,
  doorOf: Moment['doorOf'],
): OverrideChange {
  const { region, id, kind, reason } = override;
  const [start, end] = [formatInstant(override.start), formatInstant(override.end)];
  const [by, from] = [word?.actor ?? null, word?.clock.node ?? null];
  const entrance = word === undefined ? undefined : doorOf(word);
  const given = { override: id, start, from, door: null, ...entrance };
  return {
    type: 'override',
    region,
    id,
    kind,
    hasBegun,
    by,
    reason,
    end,
    ...given,
    ...reportPart(override),
    ...(isPermanent(override) && { isPermanent: true }),
    ...(override.breakGlass && { breakGlass: override.breakGlass }),
  };
}

function gossipChanges(before: GossipReport, after: GossipReport): GossipChange[] {
  const lost = ({ boards }: GossipReport): string[] =>
    boards.filter(({ isUp }) => !isUp).map(({ board }) => board);
  const isSame =
    before.gossip === after.gossip &&
    before.missingObservers.join() === after.missingObservers.join() &&
    lost(before).join() === lost(after).join();
  if (isSame) return [];
  const { gossip: to, missingObservers } = after;
  return [{ type: 'gossip', from: before.gossip, to, missingObservers, lostBoards: lost(after) }];
}
