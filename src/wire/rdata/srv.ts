// SRV (RFC 2782): where a service is, by priority and weight.

import { type Field, domainName, uint16 } from './fields.ts';

export const srv: readonly Field[] = [
  uint16('priority'),
  uint16('weight'),
  uint16('port'),
  domainName('target'),
];
