// What a plan may ask: a request → a plan, or the first fault in it.

import type { DrillRequest, DrillStep } from '../model/drill.ts';
import type { Fault } from '../model/fault.ts';
import { type DomainName, formatName, parseName } from '../model/name.ts';
import type { RegionId } from '../model/region.ts';
import type { Service, Settings } from '../model/settings.ts';
import { formatSpan, type Millis, millis, parseSpan } from '../model/time.ts';
import { type NumberLimit, readNumbers } from './number-limit.ts';

export interface Plan {
  readonly region: RegionId;
  /** Undefined for all services. */
  readonly service: DomainName | undefined;
  readonly steps: readonly Step[];
  /** How long the TTL is short before anybody is moved: as long as answers from before may be held. */
  readonly notice: Millis;
  /** Of any other region of the services, as a share of its capacity. */
  readonly mostLoad: number | undefined;
  readonly numbers: readonly NumberLimit[];
  readonly objectives: {
    readonly firstMoved: Millis | undefined;
    readonly drained: Millis | undefined;
    readonly noAbort: boolean;
  };
  /** The regions to which clients may be moved. */
  readonly others: readonly RegionId[];
  readonly actor: string;
  readonly reason: string;
}

export interface Step {
  /** Above 0, up to 1. */
  readonly share: number;
  readonly hold: Millis;
}

const mostSteps = 10;

/** News must have reached every director before a step says anything. */
const shortestHold = millis(5000);
const longestHold = millis(86_400_000);

type Facts = Pick<Settings, 'regions' | 'services'>;

export function readPlan(request: DrillRequest, settings: Facts): Plan | Fault {
  const region = request.region as RegionId;
  if (!settings.regions.has(region)) {
    const message = `there is no region "${region}"`;
    return { code: 'region.unknown', path: '/region', message };
  }
  const services = readServices(request, settings);
  if ('code' in services) return services;
  const steps = readSteps(request.steps);
  if ('code' in steps) return steps;
  const objectives = readObjectives(request);
  if ('code' in objectives) return objectives;
  const fault = faultInText('actor', request.actor) ?? faultInText('reason', request.reason);
  if (fault !== undefined) return fault;
  const mostLoad = request.abortIf?.load;
  if (mostLoad !== undefined && !(mostLoad > 0 && mostLoad <= 10)) {
    return refuse('/abortIf/load', `got ${mostLoad}, want a share of capacity such as 0.9`);
  }
  const numbers = readNumbers(request.abortIf?.numbers, '/abortIf/numbers');
  if ('code' in numbers) return numbers;
  const longest = Math.max(...services.map(({ ttl }) => ttl.stable));
  return {
    region,
    service: request.service === undefined ? undefined : services[0]?.name,
    steps,
    notice: millis(request.lowerTtl === false ? 0 : longest * 1000),
    mostLoad,
    numbers,
    objectives,
    others: othersIn(services, region),
    actor: request.actor.trim(),
    reason: request.reason.trim(),
  };
}

function readServices({ region, service }: DrillRequest, { services }: Facts): Service[] | Fault {
  const concerned = [...services.values()].filter((each) =>
    each.regions.includes(region as RegionId),
  );
  const alone = concerned.find(({ regions }) => regions.length === 1);
  if (service === undefined) {
    if (concerned.length === 0) return refuse('/region', `no service names ${region}`);
    if (alone === undefined) return concerned;
    return refuse('/region', `${formatName(alone.name)} has no other region than ${region}`);
  }
  const name = parseName(service);
  const found = name && services.get(name);
  if (found === undefined) {
    const message = `no steered service is called "${service}"`;
    return { code: 'service.unknown', path: '/service', message };
  }
  if (!concerned.includes(found)) return refuse('/service', `${service} does not name ${region}`);
  return found === alone || found.regions.length === 1
    ? refuse('/service', `${service} has no other region than ${region}`)
    : [found];
}

function othersIn(services: readonly Service[], region: RegionId): RegionId[] {
  const all = new Set(services.flatMap(({ regions }) => regions));
  all.delete(region);
  return [...all];
}

function readSteps(steps: readonly DrillStep[]): Step[] | Fault {
  if (steps.length === 0 || steps.length > mostSteps) {
    return refuse('/steps', `want 1 to ${mostSteps} steps`);
  }
  const read: Step[] = [];
  for (const [i, { share, hold: text }] of steps.entries()) {
    const last = read.at(-1)?.share ?? 0;
    if (!(share > last && share <= 1)) {
      return refuse(`/steps/${i}/share`, `got ${share}, want a share above ${last} up to 1`);
    }
    const hold = parseSpan(text);
    if (hold === undefined || hold < shortestHold || hold > longestHold) {
      const range = `${formatSpan(shortestHold)} to ${formatSpan(longestHold)}`;
      return refuse(`/steps/${i}/hold`, `got "${text}", want a time from ${range}, such as 5m`);
    }
    read.push({ share, hold });
  }
  return read;
}

function readObjectives({ objectives: asked, lowerTtl }: DrillRequest): Plan['objectives'] | Fault {
  for (const timed of ['firstMoved', 'drained'] as const) {
    if (lowerTtl !== false || asked?.[timed] === undefined) continue;
    const path = `/objectives/${timed}`;
    return refuse(path, 'lowerTtl must not be false: clients are noted while the TTL is lowered');
  }
  const firstMoved = readSpan(asked?.firstMoved);
  const drained = readSpan(asked?.drained);
  if (Number.isNaN(firstMoved)) return refuse('/objectives/firstMoved', 'want a time such as 30s');
  if (Number.isNaN(drained)) return refuse('/objectives/drained', 'want a time such as 2m');
  return { firstMoved, drained, noAbort: asked?.noAbort === true };
}

/** NaN for what is no span. */
function readSpan(text: string | undefined): Millis | undefined {
  if (text === undefined) return undefined;
  const span = parseSpan(text);
  return span === undefined || span === 0 ? millis(Number.NaN) : span;
}

function faultInText(field: string, text: string): Fault | undefined {
  const { length } = text.trim();
  return length >= 1 && length <= 200 ? undefined : refuse(`/${field}`, 'want 1 to 200 characters');
}

function refuse(path: string, message: string): Fault {
  return { code: 'request.invalid', path, message };
}
