// What stands before the data of a record: TTL, class and type (RFC 1035 §5.1).

import { isMetaType, parseType } from '../../model/message.ts';
import { parseTime } from './ttl.ts';

export interface EntryHead {
  /** Undefined where the entry states none. */
  readonly ttl: number | undefined;
  readonly kind: number | 'STEER' | 'ALIAS';
  /** The first word of the data. */
  readonly next: number;
}

/** Reads from word `from` on, TTL and class in either order; else says what is wrong with which word. */
export function readHead(
  words: readonly string[],
  from: number,
): EntryHead | { readonly word: number; readonly message: string } {
  let ttl: number | undefined;
  let hasClass = false;
  let at = from;
  for (; at < words.length; at++) {
    const word = words[at] as string;
    const first = word.charCodeAt(0);
    if (ttl === undefined && first >= 48 && first <= 57) {
      ttl = parseTime(word);
      if (ttl === undefined) {
        return { word: at, message: `got ${word}, want a TTL such as 3600 or 1h` };
      }
    } else if (!hasClass && isClass(word)) {
      if (!isInternet(word)) {
        return { word: at, message: `got class ${word}, want IN: no other is served` };
      }
      hasClass = true;
    } else break;
  }
  const word = words[at];
  if (word === undefined) return { word: from - 1, message: 'has no type and no data' };
  const type = parseType(word);
  if (type !== undefined && !isMetaType(type)) return { ttl, kind: type, next: at + 1 };
  const kind = word.toUpperCase();
  if (kind === 'STEER' || kind === 'ALIAS') return { ttl, kind, next: at + 1 };
  return { word: at, message: `got ${word}, want a record type such as A or TXT` };
}

/** RFC 1035 §3.2.4, RFC 2136 §2.4, RFC 3597 §5. */
function isClass(word: string): boolean {
  return word === 'IN' || /^(?:IN|CH|CS|HS|NONE|ANY|CLASS\d{1,5})$/i.test(word);
}

function isInternet(word: string): boolean {
  return word === 'IN' || /^(?:IN|CLASS0*1)$/i.test(word);
}
