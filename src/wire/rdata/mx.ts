// MX (RFC 1035 §3.3.9): a mail server and its preference, or `0 .` for none (RFC 7505).

import { domainName, uint16 } from './fields.ts';
import { ofFields } from './form.ts';

export const mx = ofFields(uint16('preference'), domainName('exchange'));
