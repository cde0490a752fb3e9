// HINFO (RFC 1035 §3.3.2): what a host is; today the answer to ANY (RFC 8482 §4.2).

import { shortString } from './fields.ts';
import { ofFields } from './form.ts';

export const hinfo = ofFields(shortString('cpu'), shortString('os'));
