// Limits on numbers that anybody serves over HTTP: a wish → what is read, how, and where it ends a drill.

import type { NumberWish } from '../model/drill.ts';
import type { Fault } from '../model/fault.ts';
import { placeKinds, readPlace } from '../model/figure-place.ts';
import { isFieldName, isFieldValue } from '../model/http-field.ts';
import type { HttpProbe } from '../model/region.ts';
import { formatSpan, type Millis, millis, parseSpan } from '../model/time.ts';

export interface NumberLimit {
  /** Tells the one number. */
  readonly page: HttpProbe;
  /** What is read and where. Whoever reads reports must not learn a password, nor what stands behind a `?`. */
  readonly words: string;
  readonly bound: 'above' | 'below';
  readonly limit: number;
  /** How long it must lie beyond. */
  readonly span: Millis;
  readonly every: Millis;
  readonly onSilence: 'abort' | 'continue';
}

const mostNumbers = 8;
const mostHeaders = 16;
const longestText = 2048;

/** Paths of faults begin at `at`. */
export function readNumbers(
  wishes: readonly NumberWish[] | undefined,
  at: string,
): readonly NumberLimit[] | Fault {
  if (wishes === undefined) return [];
  if (wishes.length > mostNumbers) return refuse(at, `want at most ${mostNumbers} numbers`);
  const limits: NumberLimit[] = [];
  for (const [i, wish] of wishes.entries()) {
    const limit = readNumber(wish, `${at}/${i}`);
    if ('code' in limit) return limit;
    limits.push(limit);
  }
  return limits;
}

function readNumber(wish: NumberWish, at: string): NumberLimit | Fault {
  const page = readPage(wish, at);
  if ('code' in page) return page;
  const { above, below, onSilence = 'abort' } = wish;
  if ((above === undefined) === (below === undefined)) {
    return refuse(at, 'want exactly one of above and below');
  }
  const bound = above === undefined ? 'below' : 'above';
  const limit = above ?? below ?? 0;
  // What is read is 0 or more, so that below 0 nothing ever lies.
  const isFine = Number.isFinite(limit) && (bound === 'above' ? limit >= 0 : limit > 0);
  const want = bound === 'above' ? 'a number from 0 on' : 'a number above 0';
  if (!isFine) return refuse(`${at}/${bound}`, `got ${limit}, want ${want}`);
  const span = spanIn(wish.for ?? '0s', 0, 3_600_000);
  if (span === undefined) return refuse(`${at}/for`, 'want a time up to 1h, such as 30s');
  const every = spanIn(wish.every ?? '5s', 1000, 60_000);
  if (every === undefined) return refuse(`${at}/every`, 'want a time from 1s to 1m, such as 5s');
  // As probes have it: an answer is there, or given up, well before the next is asked for.
  const timeout = millis(Math.min(2000, every / 2));
  const { words, ...rest } = page;
  return { page: { ...rest, timeout }, words, bound, limit, span, every, onSilence };
}

/** What is asked for; everything about it is as it is of a region's page of load. */
function readPage(
  wish: NumberWish,
  at: string,
): (Omit<HttpProbe, 'timeout'> & { readonly words: string }) | Fault {
  const [kind, ...others] = placeKinds.filter((each) => wish[each] !== undefined);
  if (kind === undefined || others.length > 0) {
    return refuse(at, `want exactly one of ${placeKinds.join(', ')}`);
  }
  const text = wish[kind] ?? '';
  const place =
    text.length > longestText ? `want at most ${longestText} characters` : readPlace(kind, text);
  if (typeof place === 'string') return refuse(`${at}/${kind}`, place);
  const url = wish.http.length > longestText ? null : URL.parse(wish.http);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return refuse(`${at}/http`, 'want an http or https URL');
  }
  const headers = Object.entries(wish.headers ?? {});
  const isSendable = headers.every(([name, value]) => isFieldName(name) && isFieldValue(value));
  if (!isSendable || headers.length > mostHeaders) {
    return refuse(`${at}/headers`, `want at most ${mostHeaders}, each fit for an HTTP header`);
  }
  return {
    kind: 'http',
    url,
    method: 'GET',
    headers: wish.headers ?? {},
    statuses: [200],
    answerHeaders: [],
    contains: undefined,
    matches: undefined,
    verify: wish.verify ?? true,
    tells: [{ as: 'number', full: 1, place }],
    words: `${kind === 'answerHeader' ? 'header' : kind} ${text} at ${url.origin}${url.pathname}`,
  };
}

function spanIn(text: string, least: number, most: number): Millis | undefined {
  const span = parseSpan(text);
  return span !== undefined && span >= least && span <= most ? span : undefined;
}

/** `metric errors_total at https://…/metrics is above 5 for 30s` */
export function describeLimit({ words, bound, limit, span }: NumberLimit): string {
  return `${words} is ${bound} ${limit}${span === 0 ? '' : ` for ${formatSpan(span)}`}`;
}

function refuse(path: string, message: string): Fault {
  return { code: 'request.invalid', path, message };
}
