// Data of any type as octets (RFC 3597 §5): `\# 4 c0000201`.

import { hexOf } from './fields.ts';
import { complain, type Form } from './form.ts';

const wish = '\\# length hexadecimal';

/** The first word of data that is written in this way, whatever its type. */
export const genericMark = '\\#';

export const generic: Form = {
  read: (words) => {
    const [mark, length = '', ...rest] = words;
    const digits = rest.join('');
    if (mark !== genericMark || !/^\d{1,5}$/.test(length) || !/^(?:[\da-f]{2})*$/i.test(digits)) {
      return complain(wish, words);
    }
    const size = digits.length / 2;
    if (size !== Number(length)) {
      return `${complain(wish, words)}: ${length} octets are announced, ${size} are there`;
    }
    const pairs = digits.match(/../g) ?? [];
    const wire = Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
    return { wire, text: genericText(wire) };
  },
  show: ({ message, at, end }) => genericText(message.subarray(at, end)),
};

function genericText(octets: Uint8Array): string {
  const digits = hexOf(octets);
  return `${genericMark} ${octets.length}${digits === '' ? '' : ` ${digits}`}`;
}
