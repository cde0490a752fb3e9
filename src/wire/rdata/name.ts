// NS (RFC 1035 §3.3.11), CNAME (§3.3.1) and PTR (§3.3.12): one name.

import { type Field, domainName } from './fields.ts';

export const name: readonly Field[] = [domainName('name')];
