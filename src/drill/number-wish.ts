// A limit on a number in one sentence, as a command line has it.

import type { NumberWish } from '../model/drill.ts';
import { parseNumber } from '../model/number.ts';

export const numberWishShape =
  '"metric NAME at URL above N for 30s", with json KEYS or header NAME for another place, below for above, and "or silence is fine" at its end';

/** Undefined for any other text; what the words in it are worth, `readPlan` says. */
export function parseNumberWish(text: string): NumberWish | undefined {
  const match =
    /^(metric|json|header) (\S.*) at (https?:\/\/\S+) (above|below) (\S+)(?: for (\S+))?( or silence is fine)?$/.exec(
      text.trim().replaceAll(/\s+/g, ' '),
    );
  if (match === null) return undefined;
  const [, kind = '', place = '', http = '', bound = '', limit = '', span, silence] = match;
  const value = parseNumber(limit);
  if (value === undefined) return undefined;
  return {
    http,
    [kind === 'header' ? 'answerHeader' : kind]: place.trim(),
    [bound]: value,
    ...(span !== undefined && { for: span }),
    ...(silence !== undefined && { onSilence: 'continue' }),
  };
}
