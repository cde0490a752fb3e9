// NS (RFC 1035 §3.3.11), CNAME (§3.3.1), PTR (§3.3.12) and DNAME (RFC 6672 §2.1): one name.

import { domainName } from './fields.ts';
import { ofFields } from './form.ts';

export const name = ofFields(domainName('name'));
