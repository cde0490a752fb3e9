// An operator's request → what the override says, or the first fault in it.

import type { Fault } from '../model/fault.ts';
import { formatIp, type Ip, parseIp, sameIp } from '../model/ip.ts';
import { type DomainName, parseName } from '../model/name.ts';
import {
  longestOverride,
  type Override,
  type OverrideKind,
  permanentSpan,
} from '../model/override.ts';
import type { Region, RegionId } from '../model/region.ts';
import type { OverrideRequest } from '../model/override-request.ts';
import type { BreakGlass } from '../model/safety.ts';
import type { Settings } from '../model/settings.ts';
import { formatSpan, type Millis, parseSpan } from '../model/time.ts';
import { ruleNames } from '../safety/rules.ts';

/** An override without what its director adds to it, and how long it lasts. */
export interface Word
  extends Pick<
    Override,
    'region' | 'service' | 'endpoint' | 'kind' | 'share' | 'actor' | 'reason' | 'breakGlass'
  > {
  readonly span: Millis;
}

const shortest = 1000;

const kinds: readonly OverrideKind[] = ['drain', 'down', 'up'];

export function readWord(
  request: OverrideRequest,
  settings: Pick<Settings, 'regions' | 'services'>,
): Word | Fault {
  const region = settings.regions.get(request.region as RegionId);
  if (region === undefined) {
    const message = `there is no region "${request.region}"`;
    return { code: 'region.unknown', path: '/region', message };
  }
  const { kind } = request;
  if (!kinds.includes(kind)) return refuse('/kind', `want one of ${kinds.join(', ')}`);
  const fault = faultInText('actor', request.actor) ?? faultInText('reason', request.reason);
  if (fault !== undefined) return fault;
  const part = readPart(request, region, settings);
  if ('code' in part) return part;
  const span = readSpan(request);
  if (typeof span !== 'number') return span;
  const glassFault = faultInGlass(request.breakGlass, request.permanent);
  if (glassFault !== undefined) return glassFault;
  const [actor, reason] = [request.actor.trim(), request.reason.trim()];
  const glass = request.breakGlass && { breakGlass: request.breakGlass };
  return { region: region.id, ...part, kind, actor, reason, ...glass, span };
}

/** What breaks a rule has an end: nobody may forget that it is broken. */
export function faultInGlass(
  glass: BreakGlass | undefined,
  isPermanent = false,
): Fault | undefined {
  if (glass === undefined) return undefined;
  const stranger = glass.rules.find((rule) => !ruleNames.includes(rule));
  const known = ruleNames.join(', ');
  if (stranger !== undefined || glass.rules.length === 0) {
    return refuse('/breakGlass', `want rules among ${known}${stranger ? `, not ${stranger}` : ''}`);
  }
  if (new Set(glass.rules).size < glass.rules.length)
    return refuse('/breakGlass', 'names a rule twice');
  const { length } = glass.reason.trim();
  if (length < 1 || length > 200)
    return refuse('/breakGlass', 'want a reason of 1 to 200 characters');
  return isPermanent
    ? refuse('/breakGlass', 'needs an end: a permanent word breaks no rule')
    : undefined;
}

export function faultInText(field: string, text: string): Fault | undefined {
  const { length } = text.trim();
  return length >= 1 && length <= 200 ? undefined : refuse(`/${field}`, 'want 1 to 200 characters');
}

export function refuse(path: string, message: string): Fault {
  return { code: 'request.invalid', path, message };
}

type Part = Pick<Override, 'service' | 'endpoint' | 'share'>;

function readPart(
  request: OverrideRequest,
  region: Region,
  settings: Pick<Settings, 'services'>,
): Part | Fault {
  const share = readShare(request);
  if (typeof share === 'object') return share;
  if (request.service === undefined && request.endpoint === undefined) {
    return share === undefined ? {} : { share };
  }
  if (request.endpoint === undefined) {
    const service = readService(request.service ?? '', region, settings);
    if (typeof service !== 'string') return service;
    return share === undefined ? { service } : { service, share };
  }
  if (request.service !== undefined) {
    return refuse('/endpoint', 'want a service or an endpoint, not both: an address is in all');
  }
  if (share !== undefined) {
    const way =
      'for a part of its clients, make the address a region of its own, at the same place';
    return refuse(
      '/share',
      `want none on an endpoint, whose region answers all networks alike: ${way}`,
    );
  }
  const endpoint = readEndpoint(request.endpoint, region);
  return 'code' in endpoint ? endpoint : { endpoint };
}

/** All clients are no share. */
function readShare({ share, kind }: OverrideRequest): number | undefined | Fault {
  if (share === undefined) return undefined;
  if (!(share > 0 && share <= 1)) {
    return refuse('/share', `got ${share}, want a share above 0 up to 1, such as 0.25`);
  }
  if (kind !== 'drain') return refuse('/share', 'want none: only a drain is for some clients');
  return share === 1 ? undefined : share;
}

function readService(
  text: string,
  region: Region,
  { services }: Pick<Settings, 'services'>,
): DomainName | Fault {
  const name = parseName(text);
  const service = name && services.get(name);
  if (service === undefined) {
    const message = `no steered service is called "${text}"`;
    return { code: 'service.unknown', path: '/service', message };
  }
  if (service.regions.includes(region.id)) return service.name;
  return refuse(
    '/service',
    `${text} has no region "${region.id}", but ${service.regions.join(' ')}`,
  );
}

function readEndpoint(text: string, { id, ipv4, ipv6 }: Region): Ip | Fault {
  const ip = parseIp(text);
  const all = [...ipv4, ...ipv6];
  const found = ip && all.find((each) => sameIp(each, ip));
  if (found !== undefined) return found;
  const known = all.map(formatIp).join(', ');
  return refuse('/endpoint', `got "${text}", want an address of ${id}: ${known || 'it has none'}`);
}

function readSpan(request: OverrideRequest): Millis | Fault {
  const { permanent = false, confirm, region } = request;
  if (permanent) return readPermanent(request);
  if (confirm !== undefined)
    return refuse('/confirm', `means nothing unless ${region} is permanent`);
  const span = parseSpan(request.for ?? '');
  if (span !== undefined && span >= shortest && span <= longestOverride) return span;
  const got = request.for === undefined ? 'is missing' : `got "${request.for}"`;
  const range = `from ${formatSpan(shortest)} to ${formatSpan(longestOverride)}`;
  return refuse('/for', `${got}, want a time ${range}, such as 10m`);
}

/** Nothing but a person ends it, so it is said twice. */
function readPermanent({ confirm, region, ...request }: OverrideRequest): Millis | Fault {
  if (request.for !== undefined) {
    return refuse('/for', 'want no time: a permanent override lasts until somebody ends it');
  }
  if (confirm === region) return permanentSpan;
  return refuse(
    '/confirm',
    `want "${region}" once more: a permanent override lasts until somebody ends it`,
  );
}
