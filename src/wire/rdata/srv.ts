// SRV (RFC 2782): where a service is, by priority and weight.

import { domainName, uint16 } from './fields.ts';
import { ofFields } from './form.ts';

export const srv = ofFields(
  uint16('priority'),
  uint16('weight'),
  uint16('port'),
  domainName('target'),
);
