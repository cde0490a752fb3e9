// A trail in words, as a colleague would tell it.

import type { Decision, Trail } from '../model/decision.ts';
import { formatIp } from '../model/ip.ts';
import { formatName } from '../model/name.ts';
import { decisionId } from './decide.ts';

/** Plain text of several lines, without a final newline. */
export function explain(decision: Decision, trail: Trail): string {
  const lines = [
    `${formatName(decision.service)} → ${verdictOf(decision)}`,
    '',
    `${trail.located}.`,
    '',
  ];
  const width = Math.max(...trail.steps.map((entry) => entry.step.length));
  for (const entry of trail.steps) {
    lines.push(`  ${entry.step.padEnd(width)}  ${entry.summary}`);
    for (const { region, detail } of entry.left.filter((gone) => gone.code !== 'not-needed')) {
      lines.push(`  ${''.padEnd(width)}  - ${region} is out: ${detail}`);
    }
  }
  lines.push('', `TTL    ${trail.ttl}.`, `Scope  ${trail.scope}.`);
  lines.push(`Snapshot epoch ${decision.epoch}, decision ${decisionId(decision)}.`);
  return lines.join('\n');
}

function verdictOf(decision: Decision): string {
  const { state, isFenced } = decision;
  if (state === 'withheld') {
    const allowed = isFenced ? ' that the fence allows' : '';
    return `no region: operators have taken out every one${allowed}`;
  }
  if (state === 'fail-closed') return 'no answer: nothing is alive, and the policy wants none then';
  if (state === 'stand-in') {
    return `${decision.addresses.map(formatIp).join(', ')} (no region is left: the policy's own addresses)`;
  }
  const regions = decision.regions.join(', ');
  if (state === 'fail-open') {
    const where = isFenced ? ' inside the fence' : '';
    return `${regions} (nothing${where} is alive: last resort)`;
  }
  const isBelow = decision.state === 'below-floor';
  return isBelow
    ? `${regions} (less than the floor is alive, so one that is down is named)`
    : regions;
}
