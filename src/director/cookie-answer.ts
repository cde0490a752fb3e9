// What a query gets for its cookie, or for want of one, before anybody looks at what it asks.

import type { Peer, Query } from '../model/message.ts';
import type { DnsSettings } from '../model/dns-settings.ts';
import { clientCookieSize } from '../wire/cookie.ts';
import { bareAnswer, type CompiledAnswer } from '../wire/encode.ts';
import { headerSize } from '../wire/octets.ts';
import type { QueryOutcome } from './counters.ts';
import type { Extras } from './extras.ts';

export interface CookieAnswer {
  readonly compiled: CompiledAnswer;
  readonly outcome: QueryOutcome;
}

/** Undefined where the question is to be answered. */
export function answerCookie(
  query: Query,
  peer: Peer,
  extras: Extras | undefined,
  { cookies }: DnsSettings,
): CookieAnswer | undefined {
  const isNew = extras?.cookie === 'new';
  // RFC 7873 §5.4: whoever asks nothing wants a cookie, or to hear whether theirs is still good.
  if (query.questionEnd === headerSize) {
    const hasOurs = (query.edns?.asks?.cookie?.length ?? 0) > clientCookieSize;
    if (extras === undefined || extras.cookie === 'none') return noCookies;
    return hasOurs && isNew ? badCookie : onlyCookie;
  }
  return isNew && peer.transport === 'udp' && cookies.isRequired ? badCookie : undefined;
}

const badCookie: CookieAnswer = { compiled: bareAnswer('BADCOOKIE'), outcome: 'badcookie' };
const noCookies: CookieAnswer = { compiled: bareAnswer('FORMERR'), outcome: 'formerr' };
const onlyCookie: CookieAnswer = { compiled: bareAnswer('NOERROR'), outcome: 'cookie' };
