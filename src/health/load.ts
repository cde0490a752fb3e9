// The load of a region: from what it reports itself, what its applications do, and what observers were told.

import type { HeardVote, LoadClaim } from '../model/health.ts';
import type { RegionLoad } from '../model/load.ts';
import type { LoadSettings, Region, RegionId } from '../model/region.ts';
import type { SelfReport } from '../model/self-report.ts';
import type { Settings } from '../model/settings.ts';
import { type Millis, millis } from '../model/time.ts';
import { isFresh } from './tally.ts';

export type LoadOrigin = 'report' | 'applications' | 'probes';

/** What is known of a region's load. */
export interface LoadFinding {
  /** As in `RegionLoad`. */
  readonly share: number | undefined;
  readonly connections: number | undefined;
  readonly at: Millis;
  readonly origin: LoadOrigin;
}

/** Amounts, each undefined where nobody says. */
export interface LoadAmounts {
  /** Share of capacity; 1 is full. */
  readonly load?: number | undefined;
  readonly connections?: number | undefined;
  /** Of a second. */
  readonly requests?: number | undefined;
}

/** Share of what fills a region: the greatest that any amount comes to. Undefined where none does. */
export function shareOf(
  { load, connections, requests }: LoadAmounts,
  full: Pick<LoadSettings, 'capacity' | 'connections'> | undefined,
): number | undefined {
  const shares = [
    load,
    divide(connections, full?.connections),
    divide(requests, full?.capacity),
  ].flatMap((share) => share ?? []);
  return shares.length === 0 ? undefined : Math.max(...shares);
}

function divide(amount: number | undefined, full: number | undefined): number | undefined {
  return amount === undefined || full === undefined ? undefined : amount / full;
}

/** A report, with how long it is believed at most. */
export interface Speech {
  readonly report: SelfReport;
  readonly lifetime: Millis;
}

export interface LoadEvidence {
  readonly region: Pick<Region, 'id' | 'load'>;
  /** What somebody reported for the whole region. */
  readonly own: SelfReport | undefined;
  /** What each of its applications reported. */
  readonly applications: readonly Speech[];
  /** What observers say of it. */
  readonly claims: readonly HeardClaim[];
}

/**
 * The region's own word comes first; then its applications together, then its observers. Each is
 * taken whole, so that nothing is counted twice. What is older than the region's lifetime, or was
 * not meant to speak for so long, is as if it were not there. Undefined where nothing is left.
 */
export function findLoad(evidence: LoadEvidence, now: Millis): LoadFinding | undefined {
  const { own, applications, region } = evidence;
  const lifetime = region.load?.lifetime ?? millis(Number.POSITIVE_INFINITY);
  const speaks = (speech: Speech): boolean => {
    const { start, end } = speech.report;
    const hasAmount = speech.report.load !== undefined || speech.report.connections !== undefined;
    return hasAmount && now < start + Math.min(end - start, speech.lifetime, lifetime);
  };
  if (own !== undefined && speaks({ report: own, lifetime })) {
    return addUp([own], region.load, 'report');
  }
  const spoken = applications.filter(speaks).map(({ report }) => report);
  if (spoken.length > 0) return addUp(spoken, region.load, 'applications');
  return observed(evidence, now);
}

/** Each application serves clients of its own, and the busiest of them is what clients meet. */
function addUp(
  reports: readonly SelfReport[],
  settings: LoadSettings | undefined,
  origin: LoadOrigin,
): LoadFinding {
  const loads = reports.flatMap(({ load }) => load ?? []);
  const open = reports.flatMap((report) => report.connections ?? []);
  const load = loads.length === 0 ? undefined : Math.max(...loads);
  const connections = open.length === 0 ? undefined : open.reduce((sum, one) => sum + one, 0);
  const at = millis(Math.max(...reports.map(({ start }) => start)));
  return { share: shareOf({ load, connections }, settings), connections, at, origin };
}

/** The median of what the fresh observing regions were told, so that no single one can move it. */
function observed(evidence: LoadEvidence, now: Millis): LoadFinding | undefined {
  const lifetime = evidence.region.load?.lifetime;
  if (lifetime === undefined) return undefined;
  const isTold = ({ share, connections }: LoadClaim): boolean =>
    share !== undefined || connections !== undefined;
  const heard = newestEach(evidence.claims.filter(({ claim }) => isTold(claim))).filter(
    ({ at }) => now - at <= lifetime,
  );
  if (heard.length === 0) return undefined;
  const share = median(heard.flatMap(({ claim }) => claim.share ?? []));
  const connections = median(heard.flatMap(({ claim }) => claim.connections ?? []));
  const at = millis(Math.max(...heard.map((each) => each.at)));
  return { share, connections, at, origin: 'probes' };
}

/**
 * Share of client networks that all directors move on: the median of what the observing regions
 * would, `self` speaking for its own. Directors that hear the same votes move the same. Without
 * anybody it is 0.
 */
export function agreeOnShed(
  claims: readonly HeardClaim[],
  self: { readonly region: string; readonly shed: number } | undefined,
): number {
  const others = claims.filter(
    ({ observing, claim }) => observing !== self?.region && claim.shed !== undefined,
  );
  const sheds = newestEach(others).flatMap(({ claim }) => claim.shed ?? []);
  return median(self === undefined ? sheds : [...sheds, self.shed]) ?? 0;
}

/** What one director claims. */
export interface HeardClaim {
  /** The observing region that it stands in. */
  readonly observing: string;
  readonly claim: LoadClaim;
  /** When it was so, by this director's clock. */
  readonly at: Millis;
}

/** By region, from fresh votes of observing regions alone. */
export function gatherClaims(
  votes: readonly HeardVote[],
  { observers, voteLifetime }: Pick<Settings['health'], 'observers' | 'voteLifetime'>,
  now: Millis,
): ReadonlyMap<RegionId, readonly HeardClaim[]> {
  const gathered = new Map<RegionId, HeardClaim[]>();
  for (const heard of votes) {
    const { region: observing, loads } = heard.vote;
    if (loads === undefined || !observers.includes(observing)) continue;
    if (!isFresh(heard, voteLifetime, now)) continue;
    for (const [id, claim] of loads) {
      const said = { observing, claim, at: millis(heard.freshAt - claim.ago) };
      const others = gathered.get(id);
      if (others === undefined) gathered.set(id, [said]);
      else others.push(said);
    }
  }
  return gathered;
}

/** One for each observing region: the newest of its directors'. */
function newestEach(claims: readonly HeardClaim[]): HeardClaim[] {
  const newest = new Map<string, HeardClaim>();
  for (const claim of claims) {
    const held = newest.get(claim.observing);
    if (held === undefined || claim.at > held.at) newest.set(claim.observing, claim);
  }
  return [...newest.values()];
}

/** The lower of the two middle values when the count is even. */
function median(values: readonly number[]): number | undefined {
  return values.toSorted((one, other) => one - other)[(values.length - 1) >> 1];
}

/** A load that moved by less is told, but no answer follows it. */
const leastMove = 0.01;
const leastConnections = 0.05;

/**
 * What answers go by: what they went by until now, as far as that has not moved by a whole percent
 * of capacity or a twentieth of the connections. The same object where nothing has.
 */
export function steadyLoad(held: RegionLoad | undefined, exact: RegionLoad): RegionLoad {
  const share = steady(held?.share, exact.share, leastMove);
  const open = held?.connections;
  const least = Math.max(1, leastConnections * (open ?? 0));
  const connections = steady(open, exact.connections, least);
  const isSame =
    held !== undefined &&
    share === held.share &&
    connections === held.connections &&
    exact.shed === held.shed;
  return isSame ? held : { ...exact, share, connections };
}

function steady(
  held: number | undefined,
  exact: number | undefined,
  least: number,
): number | undefined {
  if (held === undefined || exact === undefined) return exact;
  return Math.abs(exact - held) >= least ? exact : held;
}
