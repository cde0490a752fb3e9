// URI (RFC 7553 §4): where a service is, as a URI.

import { lastString, uint16 } from './fields.ts';
import { ofFields } from './form.ts';

export const uri = ofFields(uint16('priority'), uint16('weight'), lastString('target'));
