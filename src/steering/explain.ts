// A trail in words, as a colleague would tell it.

import type { Decision, Trail } from '../model/decision.ts';
import { formatIp } from '../model/ip.ts';
import { formatName } from '../model/name.ts';
import { visible } from '../model/visible.ts';
import { decisionId } from './decide.ts';

/** Plain text of several lines, without a final newline. */
export function explain(decision: Decision, trail: Trail): string {
  const lines = [
    `${formatName(decision.service)} → ${verdictOf(decision)}${describeSkipped(decision, trail)}`,
    '',
    `${trail.located}.`,
    '',
  ];
  const width = Math.max(...trail.steps.map((entry) => entry.step.length));
  for (const entry of trail.steps) {
    lines.push(`  ${entry.step.padEnd(width)}  ${entry.summary}`);
    for (const { region, code, detail } of entry.left) {
      if (code === 'not-needed') continue;
      lines.push(`  ${''.padEnd(width)}  - ${region} is out: ${detail} [${code}]`);
    }
  }
  lines.push('', `TTL    ${trail.ttl}.`, `Scope  ${trail.scope}.`);
  lines.push(`Snapshot epoch ${decision.epoch}, decision ${decisionId(decision)}.`);
  // Operators' words are among them, and make no line of their own.
  return lines.map(visible).join('\n');
}

/** The regions that geography puts before the one that answers, where they have left since. */
function describeSkipped({ regions, state }: Decision, { steps }: Trail): string {
  const [chosen] = regions;
  const first = steps.findIndex(({ step }) => step === 'overrides');
  const order = steps[first - 1]?.tiers.flat();
  if (state !== 'healthy' || chosen === undefined || order === undefined) return '';
  const left = steps.slice(first).flatMap((entry) => entry.left);
  const gone = left.filter(({ code }) => code !== 'not-needed').map(({ region }) => region);
  const skipped = order.slice(0, order.indexOf(chosen)).filter((id) => gone.includes(id));
  if (skipped.length === 0) return '';
  const verb = skipped.length === 1 ? 'is' : 'are';
  return ` (${skipped.join(', ')} would come first, but ${verb} out)`;
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
