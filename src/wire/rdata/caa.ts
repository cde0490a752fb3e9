// CAA (RFC 8659 §4.1): which authority may issue certificates.

import { type Field, lastString, uint8 } from './fields.ts';
import { ofFields } from './form.ts';

const tag: Field = {
  name: 'tag',
  wants: 'letters and digits',
  read: (word) => {
    if (!/^[a-z0-9]{1,255}$/i.test(word)) return undefined;
    const text = word.toLowerCase();
    return { wire: Uint8Array.of(text.length, ...new TextEncoder().encode(text)), text };
  },
  show: ({ message, at, end }) => {
    const next = at + 1 + (message[at] ?? 0);
    const text = String.fromCharCode(...message.subarray(at + 1, next));
    return next <= end && /^[a-z0-9]+$/i.test(text) ? { text, end: next } : undefined;
  },
};

export const caa = ofFields(uint8('flags'), tag, lastString('value'));
