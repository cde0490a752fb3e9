// Rates: which answers the guard counts as what, and what its ruling comes to.

import { createGuard, type Guard, type ReplyKind, type Ruling } from '../authority/guard.ts';
import { type Ip, isAmong } from '../model/ip.ts';
import type { DnsSettings } from '../model/dns-settings.ts';
import type { Millis } from '../model/time.ts';
import type { Counters, QueryOutcome } from './counters.ts';

/** What becomes of an answer to an address that may be forged. */
export type Rule = (dns: DnsSettings, outcome: QueryOutcome, address: Ip, now: Millis) => Ruling;

/** What is no answer with records and no error says that there is nothing. */
const kinds: Readonly<Partial<Record<QueryOutcome, ReplyKind>>> = {
  steered: 'answer',
  static: 'answer',
  referral: 'answer',
  chaos: 'answer',
  explained: 'answer',
  nodata: 'negative',
  nxdomain: 'negative',
};

/**
 * A new guard for every change of the rates, in the memory that is given. `seed` is any 32 bits that
 * strangers cannot know, and the same for all that have one memory.
 */
export function createRule(
  counters: Counters,
  seed: number,
  memory?: ArrayBuffer | SharedArrayBuffer,
): Rule {
  let guard: Guard | undefined;
  let rates: DnsSettings['rates'];
  return (dns, outcome, address, now) => {
    if (dns.rates !== rates) {
      rates = dns.rates;
      guard = rates && createGuard(rates, seed, memory);
    }
    if (guard === undefined || rates === undefined) return 'send';
    if (isAmong(address, rates.exempt)) return 'send';
    const ruling = guard.rule(kinds[outcome] ?? 'error', address, now);
    if (ruling === 'send' || !rates.isDryRun) return ruling;
    counters.wouldLimit++;
    return 'send';
  };
}
