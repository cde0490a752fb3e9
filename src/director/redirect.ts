// Where an HTTP client is sent: to the region of its decision, or to the one that holds its session.

import type { Fault } from '../model/fault.ts';
import type { Client } from '../model/decision.ts';
import { recordTypes } from '../model/message.ts';
import { formatName, parseName } from '../model/name.ts';
import type { RegionId } from '../model/region.ts';
import type { Redirect, RedirectRequest } from '../model/report.ts';
import type { Millis } from '../model/time.ts';
import type { Seal } from '../ports.ts';
import { isAllowed } from '../steering/decide.ts';
import type { Plan } from '../steering/snapshot.ts';
import { direct } from './direct.ts';
import type { View } from './snapshot.ts';

/**
 * Session affinity by option: a client keeps the region that its cookie names while operators, health
 * and geography allow that region to serve it, and is given a new one otherwise.
 */
export function redirect(
  view: View,
  { name: text, peer, affinity }: RedirectRequest,
  seal: Seal,
  now: Millis,
): Redirect | Fault {
  const name = parseName(text);
  const client: Client = { address: peer, origin: 'peer', subnet: undefined };
  const question = name && { name, type: recordTypes.A, client };
  const decision = question && direct(view, question, now).decision;
  const plan = decision && view.snapshot.plans.get(decision.service);
  if (decision === undefined || plan === undefined) {
    return { code: 'service.unknown', message: `no steered service is called "${text}"` };
  }
  const held = affinity === undefined ? undefined : readAffinity(affinity, plan, seal, now);
  const keeps = held !== undefined && isAllowed(plan, client, view.snapshot, now, held);
  for (const region of keeps ? [held, ...decision.regions] : decision.regions) {
    const url = view.snapshot.settings.regions.get(region)?.url;
    if (url === undefined) continue;
    const isNew = plan.service.affinity > 0 && region !== (keeps ? held : undefined);
    return { region, url, ...(isNew ? { affinity: writeAffinity(region, plan, seal, now) } : {}) };
  }
  return { code: 'region.no-target', message: `no region chosen for "${text}" has a url` };
}

/** `eu-west.1777640400.<seal>`: the region, and until when in Unix seconds. */
function writeAffinity(region: RegionId, plan: Plan, seal: Seal, now: Millis) {
  const { affinity } = plan.service;
  const words = `${region}.${Math.floor(now / 1000) + affinity}`;
  return { value: `${words}.${seal.sign(payloadOf(words, plan))}`, seconds: affinity };
}

/** The region of a cookie that this fleet made for this service, and that has not run out. */
function readAffinity(value: string, plan: Plan, seal: Seal, now: Millis): RegionId | undefined {
  const [, words = '', region = '', until = '', mac = ''] =
    /^(([a-z0-9-]{1,40})\.(\d{1,12}))\.([\w-]{43})$/.exec(value) ?? [];
  const left = Number(until) - now / 1000;
  // A cookie for longer than the option now allows was made under another one.
  const longest = plan.service.affinity === 0 ? 0 : plan.service.affinity + clockSlack;
  if (region === '' || !(left > 0) || left > longest) return undefined;
  return seal.verify(payloadOf(words, plan), mac) ? (region as RegionId) : undefined;
}

/** How far directors' clocks may be apart, in seconds. */
const clockSlack = 300;

function payloadOf(words: string, { service }: Plan): string {
  return `affinity ${formatName(service.name)} ${words}`;
}
