// MX (RFC 1035 §3.3.9): a mail server and its preference, or `0 .` for none (RFC 7505).

import { type Field, domainName, uint16 } from './fields.ts';

export const mx: readonly Field[] = [uint16('preference'), domainName('exchange')];
