// NAPTR (RFC 3403 §4.1): rules that turn a telephone number or a name into another name.

import { domainName, shortString, uint16 } from './fields.ts';
import { ofFields } from './form.ts';

export const naptr = ofFields(
  uint16('order'),
  uint16('preference'),
  shortString('flags'),
  shortString('services'),
  shortString('regexp'),
  domainName('replacement'),
);
