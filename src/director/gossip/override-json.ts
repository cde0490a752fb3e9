// An override as JSON, and back.

import type { HybridClock, Override, OverrideKind } from '../../model/override.ts';
import type { RegionId } from '../../model/region.ts';
import { millis } from '../../model/time.ts';
import { isCount, isId, isNumber, isOneOf, isRecord, isText, maxText } from './json.ts';

const overrideKinds: readonly OverrideKind[] = ['drain', 'down', 'up'];

export function overrideJson(override: Override): unknown {
  const { id, region, kind, start, end, isLifted, clock } = override;
  const actor = override.actor.slice(0, maxText);
  const reason = override.reason.slice(0, maxText);
  return { id, region, kind, actor, reason, start, end, isLifted, clock: clockJson(clock) };
}

/** Undefined for what no director wrote. */
export function readOverride(json: unknown): Override | undefined {
  if (!isRecord(json)) return undefined;
  const { id, region, kind, actor, reason, start, end, isLifted } = json;
  const clock = readClock(json['clock']);
  if (!isId(id) || !isId(region) || !isOneOf<OverrideKind>(kind, overrideKinds)) return undefined;
  if (!isText(actor, maxText) || !isText(reason, maxText)) return undefined;
  if (!isNumber(start, 0) || !isNumber(end, start)) return undefined;
  if (typeof isLifted !== 'boolean' || clock === undefined) return undefined;
  return {
    id,
    region: region as RegionId,
    kind,
    actor,
    reason,
    start: millis(start),
    end: millis(end),
    isLifted,
    clock,
  };
}

export function clockJson({ wall, counter, node }: HybridClock): unknown {
  return [wall, counter, node];
}

export function readClock(json: unknown): HybridClock | undefined {
  if (!Array.isArray(json)) return undefined;
  const [wall, counter, node] = json as readonly unknown[];
  if (!isNumber(wall, 0) || !isCount(counter) || !isId(node)) return undefined;
  return { wall: millis(wall), counter, node };
}
