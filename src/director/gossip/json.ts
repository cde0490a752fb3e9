// Reading JSON that anybody may have written: what a value is, before it is believed.

/** The farthest moment that ECMAScript can name (ECMA-262 §21.4.1.1). */
export const maxMoment = 8.64e15;

/** Longer texts of people are cut when written and refused when read. */
export const maxText = 200;

/** Undefined for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Visible ASCII, as every id of a director, a region or an override is. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[!-~]{1,64}$/.test(value);
}

/** What a file's name or a word of a setting may be: it goes between the dots of a slot's name. */
export function isWord(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z0-9-]{1,40}$/.test(value);
}

export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** A span or a moment, `least` or more; NaN is none. */
export function isNumber(value: unknown, least: number): value is number {
  return typeof value === 'number' && value >= least && value <= maxMoment;
}

export function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length <= longest;
}

export function isOneOf<T>(value: unknown, words: readonly T[]): value is T {
  return words.includes(value as T);
}
