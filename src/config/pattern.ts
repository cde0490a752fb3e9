// Regular expressions that cannot run away: RE2's syntax, in time that grows with the text alone.

import { RE2JS } from 're2js';
import type { Pattern } from '../model/region.ts';

/**
 * Most instructions a pattern may compile to. Time is linear in the text and in this number: over
 * 64 KiB, a pattern of this size takes about 0.2 s for the worst text, and 1 ms for ordinary ones.
 */
const mostInstructions = 100;

/** A string says what is wrong with the pattern. */
export function readPattern(source: string): Pattern | string {
  try {
    const compiled = RE2JS.compile(source);
    const size = compiled.programSize();
    if (size > mostInstructions)
      return `is too large: ${size} steps, want at most ${mostInstructions}`;
    return { source, test: (text) => compiled.test(text) };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return `is no regular expression of RE2: ${words.replace('error parsing regexp: ', '')}`;
  }
}
