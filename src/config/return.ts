// How regions come back from `down`: spans that must fit each other.

import type { ReturnSettings } from '../model/settings.ts';
import { formatSpan } from '../model/time.ts';
import type { ConfigPath } from './document.ts';
import type { MainFile } from './shape.ts';
import type { ValueReader } from './values.ts';

const hour = 3_600_000;
const day = 24 * hour;

export function readReturn(
  texts: NonNullable<MainFile['health']>['return'],
  at: ConfigPath,
  reader: ValueReader,
): ReturnSettings {
  const hold = reader.span(texts?.hold, [...at, 'hold'], 120_000, 0, day);
  const stage = reader.span(texts?.stage, [...at, 'stage'], 60_000, 0, hour);
  const longest = [...at, 'longestHold'];
  const longestHold = reader.span(texts?.longestHold, longest, Math.max(hour, hold), 0, day);
  if (longestHold < hold) {
    const words = `is ${formatSpan(longestHold)}, but health.return.hold is ${formatSpan(hold)}`;
    reader.refuse(longest, `${words}: a hold grows and never shrinks`);
  }
  return { hold, stage, longestHold };
}
