// Rule `gate`: while it is closed nothing is changed at all.

import { oneOf } from '../../shape.ts';
import { ruleKind } from '../rule.ts';

export const gate = ruleKind({
  kind: 'gate',
  shape: oneOf(['open', 'closed']),
  read: (written) => ({ isClosed: written === 'closed' }),
  time({ isClosed }) {
    if (!isClosed) return undefined;
    return 'the gate is closed, so nothing may be changed: it takes safety.gate: open in the configuration files first';
  },
  figures: () => ({ words: 'the gate is open', room: 1 }),
});
