// Reloads, as they are recorded: what has changed, what it was held against, and why it was refused.

import { type Fault, formatFault } from '../../model/fault.ts';
import type { Approval, GateChange, ReloadChange } from '../../model/reload.ts';
import type { SafetySettings } from '../../model/safety.ts';
import type { Settings } from '../../model/settings.ts';
import { changedParts } from './changed-parts.ts';

export interface ReloadTeller {
  taken(before: Settings, after: Settings, approval: Approval): void;
  refused(running: Settings, faults: readonly Fault[]): void;
}

const mostNamed = 10;

export function tellReloads(tell: (change: ReloadChange | GateChange) => void): ReloadTeller {
  return {
    taken(before, after, approval) {
      const overridden = overriddenRules(before, after, approval);
      const forced = [...approval.forced, ...overridden];
      const state = forced.length === 0 ? 'taken' : 'forced';
      const [from, to] = [before.configuration, after.configuration];
      const changed = changedParts(before, after);
      tell({ type: 'reload', state, from, to, changed, ...approval, forced, faults: [] });
      const isClosed = isGateClosed(after.safety);
      if (isClosed !== isGateClosed(before.safety)) tell({ type: 'gate', isClosed });
    },
    refused({ configuration }, faults) {
      const named = faults.slice(0, mostNamed).map(formatFault);
      const rest = faults.length - named.length;
      const told = rest > 0 ? [...named, `${rest} more`] : named;
      const nothing = { changed: [], rules: [], moved: [], forced: [] };
      const [from, to] = [configuration, configuration];
      tell({ type: 'reload', state: 'refused', from, to, ...nothing, faults: told });
    },
  };
}

/** Rules that the files name with the configuration that they take the place of. */
function overriddenRules(before: Settings, after: Settings, { rules }: Approval): string[] {
  const { breakGlass } = after.safety ?? {};
  if (breakGlass?.configuration !== before.configuration) return [];
  const against = new Set(rules.flatMap(({ rule, isAllowed }) => (isAllowed ? [] : [rule])));
  return breakGlass.rules.filter((rule) => against.has(rule));
}

function isGateClosed(safety: SafetySettings | undefined): boolean {
  return safety?.rules.some(({ kind, isClosed }) => kind === 'gate' && isClosed === true) ?? false;
}
