// Rule `minInterval`: so long must pass between what people change, for its effects to show.

import { span } from '../../shape.ts';
import { formatMoment, formatSpan, millis } from '../../model/time.ts';
import { ruleKind } from '../rule.ts';

export const minInterval = ruleKind({
  kind: 'minInterval',
  shape: span,
  read: (written, reader) => ({ interval: reader.span(written, [], 1000, 86_400_000) }),
  /**
   * Nobody waits to take back what was a mistake. The steps of a drill are one change: it waits before it
   * begins, and does not stand in its own way.
   */
  time({ interval }, { at, lastAt, isEnd, isStep }) {
    if (isEnd || isStep) return undefined;
    if (lastAt === undefined || at - lastAt >= interval) return undefined;
    const ago = formatSpan(Math.max(0, Math.floor((at - lastAt) / 1000) * 1000));
    const next = formatMoment(millis(Math.ceil((lastAt + interval) / 1000) * 1000));
    return `the last change was ${ago} ago, and ${formatSpan(interval)} must pass between two: it may be made at ${next}`;
  },
  figures({ interval }, _before, _after, { at, lastAt, isEnd, isStep }) {
    const wait = `${formatSpan(interval)} must pass between two changes`;
    if (isStep) return { words: `${wait}, and a drill is one: its steps do not wait`, room: 1 };
    if (isEnd) return { words: `${wait}, but nobody waits to take one back`, room: 1 };
    if (lastAt === undefined) return { words: `${wait}, and none is known here`, room: 1 };
    const ago = formatSpan(Math.max(0, Math.floor((at - lastAt) / 1000) * 1000));
    return { words: `${wait}, and the last was ${ago} ago`, room: 1 };
  },
});
