// TXT (RFC 1035 §3.3.14): one or more strings of at most 255 octets each.

import type { Rdata } from '../../model/message.ts';
import { joinFields, showString } from './fields.ts';
import { ofFields } from './form.ts';
import { quote, readOctets } from './strings.ts';

const longestString = 255;

export const txt = ofFields({
  name: '"string"',
  wants: 'a string with its quotes and escapes closed',
  more: 'each',
  read: (word) => {
    const octets = readOctets(word);
    return octets === undefined ? undefined : joinFields(split(octets));
  },
  show: showString,
});

/** A longer string goes out as several; readers join them again. */
function split(octets: Uint8Array): Rdata[] {
  const strings: Rdata[] = [];
  for (let at = 0; at === 0 || at < octets.length; at += longestString) {
    const string = octets.subarray(at, at + longestString);
    const wire = new Uint8Array(string.length + 1);
    wire[0] = string.length;
    wire.set(string, 1);
    strings.push({ wire, text: quote(string) });
  }
  return strings;
}
