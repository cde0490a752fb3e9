// An override as JSON, and back.

import { formatIp, parseIp } from '../../model/ip.ts';
import { formatName, parseName } from '../../model/name.ts';
import type { HybridClock, Override, OverrideKind } from '../../model/override.ts';
import type { RegionId } from '../../model/region.ts';
import type { BreakGlass } from '../../model/safety.ts';
import { millis } from '../../model/time.ts';
import { isCount, isId, isNumber, isOneOf, isRecord, isText, maxText } from './json.ts';

const overrideKinds: readonly OverrideKind[] = ['drain', 'down', 'up'];

export function overrideJson(override: Override): unknown {
  const { id, region, start, end, isLifted, clock } = override;
  const kind = kindJson(override);
  const actor = override.actor.slice(0, maxText);
  const reason = override.reason.slice(0, maxText);
  const said = { id, region, kind, actor, reason, start, end, isLifted, clock: clockJson(clock) };
  const { breakGlass } = override;
  if (breakGlass === undefined) return said;
  const why = breakGlass.reason.slice(0, maxText);
  return { ...said, breakGlass: { rules: breakGlass.rules, reason: why } };
}

/** Undefined for what no director wrote. */
export function readOverride(json: unknown): Override | undefined {
  if (!isRecord(json)) return undefined;
  const { id, region, actor, reason, start, end, isLifted } = json;
  const clock = readClock(json['clock']);
  const kind = readKind(json['kind']);
  if (!isId(id) || !isId(region) || kind === undefined) return undefined;
  if (!isText(actor, maxText) || !isText(reason, maxText)) return undefined;
  if (!isNumber(start, 0) || !isNumber(end, start)) return undefined;
  if (typeof isLifted !== 'boolean' || clock === undefined) return undefined;
  const breakGlass = readBreakGlass(json['breakGlass']);
  return {
    id,
    region: region as RegionId,
    ...kind,
    actor,
    reason,
    start: millis(start),
    end: millis(end),
    isLifted,
    ...(breakGlass && { breakGlass }),
    clock,
  };
}

/** More than there are rules. */
const mostRules = 32;

/** What cannot be read is left out: the word is the same, only that nobody is told what it broke. */
function readBreakGlass(json: unknown): BreakGlass | undefined {
  if (!isRecord(json)) return undefined;
  const { rules, reason } = json;
  if (!isText(reason, maxText) || !Array.isArray(rules)) return undefined;
  const named = rules as readonly unknown[];
  const isList = named.length > 0 && named.length <= mostRules;
  return isList && named.every((rule) => isId(rule)) ? { rules: named, reason } : undefined;
}

/**
 * The kind alone for a word on all clients of a region. Any other has a list, which release 0.1.0
 * refuses: it would take such a word for one on all of the region.
 */
function kindJson({ kind, service, endpoint, share }: Override): unknown {
  if (service === undefined && endpoint === undefined && share === undefined) return kind;
  return [
    kind,
    {
      service: service && formatName(service),
      endpoint: endpoint && formatIp(endpoint),
      share,
    },
  ];
}

type Kind = Pick<Override, 'kind' | 'service' | 'endpoint' | 'share'>;

function readKind(json: unknown): Kind | undefined {
  if (!Array.isArray(json)) {
    return isOneOf<OverrideKind>(json, overrideKinds) ? { kind: json } : undefined;
  }
  const [kind, part] = json as readonly unknown[];
  if (!isOneOf<OverrideKind>(kind, overrideKinds) || !isRecord(part)) return undefined;
  const { share } = part;
  const service = isText(part['service'], maxNameText) ? parseName(part['service']) : undefined;
  const endpoint = isText(part['endpoint'], maxText) ? parseIp(part['endpoint']) : undefined;
  // What is there and cannot be read would make another word of it.
  if ((service === undefined) !== (part['service'] === undefined)) return undefined;
  if ((endpoint === undefined) !== (part['endpoint'] === undefined)) return undefined;
  if (share !== undefined) {
    const isShare = isNumber(share, 0) && share > 0 && share < 1;
    return isShare && kind === 'drain' && endpoint === undefined
      ? { kind, ...(service && { service }), share }
      : undefined;
  }
  if (endpoint === undefined) return service && { kind, service };
  return service === undefined ? { kind, endpoint } : undefined;
}

/** 255 octets (RFC 1035 §2.3.4), each of which may be written as `\DDD`. */
const maxNameText = 1020;

export function clockJson({ wall, counter, node }: HybridClock): unknown {
  return [wall, counter, node];
}

export function readClock(json: unknown): HybridClock | undefined {
  if (!Array.isArray(json)) return undefined;
  const [wall, counter, node] = json as readonly unknown[];
  if (!isNumber(wall, 0) || !isCount(counter) || !isId(node)) return undefined;
  return { wall: millis(wall), counter, node };
}
