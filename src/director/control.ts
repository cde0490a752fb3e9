// Control: an operator's word becomes an override that every director hears.

import type { Fault } from '../model/fault.ts';
import { formatName } from '../model/name.ts';
import type { Override, OverrideKind } from '../model/override.ts';
import type { RegionId } from '../model/region.ts';
import { formatSpan, millis, parseSpan } from '../model/time.ts';
import type { OverrideRequest } from '../model/report.ts';
import type { Clock } from '../ports.ts';
import { fencesIn } from '../steering/steps/fence.ts';
import type { Gossip } from './gossip/gossip.ts';
import type { SnapshotCell } from './snapshot.ts';

/** An override is meant for the length of an incident: beyond a week, change the configuration. */
const shortest = 1000;
const longest = 7 * 86_400_000;

/** An override that was given or ended, and what came of it. */
export interface Change {
  readonly override: Override;
  /** On how many boards it stands. */
  readonly posted: number;
  /** Services that overrides now leave without any region. */
  readonly withheld: readonly string[];
}

export interface Control {
  add(request: OverrideRequest): Promise<Change | Fault>;
  end(id: string, actor: string): Promise<Change | Fault>;
}

export function createControl(options: {
  readonly cell: SnapshotCell;
  readonly gossip: Gossip;
  readonly clock: Clock;
  /** A new id for each override. */
  readonly newId: () => string;
  /** Called after each word, so that this director acts on it at once. */
  readonly onWord: () => void;
}): Control {
  const { cell, gossip, clock, newId, onWord } = options;
  const put = async (override: Override): Promise<Change> => {
    const posting = gossip.putOverride(override);
    onWord();
    const withheld = withheldServices(cell);
    const { posted } = await posting;
    return { override, posted, withheld };
  };
  return {
    async add(request) {
      const fault = faultIn(request, cell);
      if (fault !== undefined) return fault;
      const now = clock.now();
      return put({
        id: newId(),
        region: request.region as RegionId,
        kind: request.kind,
        actor: request.actor.trim(),
        reason: request.reason.trim(),
        start: now,
        end: millis(now + (parseSpan(request.for) ?? 0)),
        isLifted: false,
        clock: gossip.nextClock(),
      });
    },
    async end(id, actor) {
      const fault = faultInText('actor', actor);
      if (fault !== undefined) return fault;
      const override = gossip.overrides().find((word) => word.id === id);
      if (override === undefined || override.isLifted) {
        return { code: 'override.unknown', message: `no override in force has the id "${id}"` };
      }
      return put({ ...override, actor: actor.trim(), isLifted: true, clock: gossip.nextClock() });
    },
  };
}

/** Services of which operators have taken out every region, or every one that a fence allows, until that ends. */
function withheldServices(cell: SnapshotCell): string[] {
  const { settings, overrides } = cell.view.snapshot;
  const isOut = (region: RegionId): boolean => (overrides.get(region)?.kind ?? 'up') !== 'up';
  return [...settings.services.values()]
    .filter(({ regions, steps }) => {
      return [{ regions }, ...fencesIn(steps)].some((each) => each.regions.every(isOut));
    })
    .map(({ name }) => formatName(name));
}

const kinds: readonly OverrideKind[] = ['drain', 'down', 'up'];

function faultIn(request: OverrideRequest, cell: SnapshotCell): Fault | undefined {
  if (!cell.view.snapshot.settings.regions.has(request.region as RegionId)) {
    return {
      code: 'region.unknown',
      path: '/region',
      message: `there is no region "${request.region}"`,
    };
  }
  if (!kinds.includes(request.kind)) return refuse('/kind', `want one of ${kinds.join(', ')}`);
  const fault = faultInText('actor', request.actor) ?? faultInText('reason', request.reason);
  if (fault !== undefined) return fault;
  const span = parseSpan(request.for);
  if (span !== undefined && span >= shortest && span <= longest) return undefined;
  const range = `from ${formatSpan(shortest)} to ${formatSpan(longest)}`;
  return refuse('/for', `got "${request.for}", want a time ${range}, such as 10m`);
}

function faultInText(field: string, text: string): Fault | undefined {
  const { length } = text.trim();
  return length >= 1 && length <= 200 ? undefined : refuse(`/${field}`, 'want 1 to 200 characters');
}

function refuse(path: string, message: string): Fault {
  return { code: 'request.invalid', path, message };
}
