// Forms: how the data of a record type is written for people, as a list of fields or in its own way.

import type { Rdata } from '../../model/message.ts';
import type { DomainName } from '../../model/name.ts';
import { type Field, joinFields, type Octets } from './fields.ts';

/** The presentation form of a record type, read and shown. */
export interface Form {
  /** Names without a final dot are below `origin`. A string says what is wrong. */
  readonly read: (words: readonly string[], origin: DomainName) => Rdata | string;
  /** Undefined when the octets are no data of this type. */
  readonly show: (octets: Octets) => string | undefined;
}

/** Most types: one field behind the other. */
export function ofFields(...fields: readonly Field[]): Form {
  const wish = fields.map(({ name, more }) => (more === 'each' ? `${name} …` : name)).join(' ');
  return {
    read: (words, origin) => {
      const found = gather(words, fields);
      if (found === undefined) return complain(wish, words);
      const parts: Rdata[] = [];
      for (const { field, word } of found) {
        const part = field.read(word, origin);
        if (part === undefined) {
          return `${complain(wish, words)}: ${field.name} is not ${field.wants}`;
        }
        parts.push(part);
      }
      return joinFields(parts);
    },
    show: (octets) => showFields(fields, octets),
  };
}

export function complain(wish: string, words: readonly string[]): string {
  return `want "${wish}", got "${words.join(' ')}"`;
}

/** Each word with its field; undefined when there are too few or too many. */
function gather(
  words: readonly string[],
  fields: readonly Field[],
): { field: Field; word: string }[] | undefined {
  const last = fields.at(-1);
  const isShort = words.length < fields.length;
  if (last === undefined || isShort || (words.length > fields.length && last.more === undefined)) {
    return undefined;
  }
  const rest = words.slice(fields.length - 1);
  const lasts = last.more === 'joined' ? [rest.join('')] : rest;
  return [
    ...fields.slice(0, -1).map((field, i) => ({ field, word: words[i] as string })),
    ...lasts.map((word) => ({ field: last, word })),
  ];
}

function showFields(fields: readonly Field[], octets: Octets): string | undefined {
  const texts: string[] = [];
  let { at } = octets;
  for (let i = 0; ; i++) {
    const last = fields.at(-1);
    const field = fields[i] ?? (last?.more === 'each' && at < octets.end ? last : undefined);
    if (field === undefined) break;
    const shown = field.show({ ...octets, at });
    if (shown === undefined || shown.end > octets.end) return undefined;
    texts.push(shown.text);
    at = shown.end;
  }
  return at === octets.end ? texts.join(' ') : undefined;
}
