// A service's policy → steps: by a ready-made name, or written out.

import type { RegionId } from '../model/region.ts';
import { type Floor, type SteeringRule, type StepSettings, stepOrder } from '../model/settings.ts';
import type { ConfigPath } from './document.ts';
import { type PolicyFile, policyShape } from './policy-shape.ts';
import type { ValueReader } from './values.ts';

/** Policies by name: short words for common chains. */
export const policies: Readonly<Record<string, readonly StepSettings[]>> = {
  nearest: [
    { kind: 'nearest', withinKm: 0 },
    { kind: 'take', count: 1 },
  ],
  multivalue: [
    { kind: 'nearest', withinKm: 0 },
    { kind: 'take', count: 3 },
  ],
  weighted: [{ kind: 'weight' }, { kind: 'take', count: 1 }],
};

/** Without a word on it, the best region alone answers. */
const standard = 'nearest';

/** `known` are the service's own regions. */
export function readPolicy(
  value: unknown,
  at: ConfigPath,
  known: readonly string[],
  reader: ValueReader,
): readonly StepSettings[] {
  if (value === undefined || typeof value === 'string') {
    const name = value ?? standard;
    if (Object.hasOwn(policies, name)) return policies[name] ?? [];
    const names = Object.keys(policies).join(', ');
    reader.refuse(at, `got "${name}", want one of ${names}, or a list of steps`);
    return [];
  }
  const blocks = Array.isArray(value) ? value.map(wordAsBlock) : value;
  const policy = reader.shape(policyShape, blocks, at);
  return policy === undefined ? [] : orderSteps(policy, at, known, reader);
}

/** A step without settings may be written as a bare word. */
function wordAsBlock(step: unknown): unknown {
  if (typeof step !== 'string') return step;
  return { [step]: step === 'rules' || step === 'take' ? null : {} };
}

function orderSteps(
  blocks: PolicyFile,
  at: ConfigPath,
  known: readonly string[],
  reader: ValueReader,
): StepSettings[] {
  const steps: StepSettings[] = [];
  let last = -1;
  for (const [i, block] of blocks.entries()) {
    const [kind, ...others] = Object.keys(block) as StepSettings['kind'][];
    if (kind === undefined || others.length > 0) {
      reader.refuse([...at, i], 'want exactly one step in each entry of the list');
      continue;
    }
    const place = stepOrder.indexOf(kind);
    if (place <= last) {
      const order = stepOrder.join(', ');
      reader.refuse(
        [...at, i],
        `step ${kind} is in the wrong place: steps run in the order ${order}, each once`,
      );
    }
    last = Math.max(last, place);
    steps.push(readStep(kind, block, [...at, i, kind], known, reader));
  }
  return steps;
}

function readStep(
  kind: StepSettings['kind'],
  block: PolicyFile[number],
  at: ConfigPath,
  known: readonly string[],
  reader: ValueReader,
): StepSettings {
  switch (kind) {
    case 'rules':
      return {
        kind,
        rules: (block.rules ?? []).map((rule, i) => readRule(rule, [...at, i], known, reader)),
      };
    case 'nearest':
      return { kind, withinKm: block.nearest?.withinKm ?? 0 };
    case 'alive': {
      const floor = readFloor(block.alive ?? {}, at, known.length, reader);
      return floor === undefined ? { kind } : { kind, floor };
    }
    case 'take':
      return { kind, count: block.take ?? 1 };
    default:
      return { kind };
  }
}

function readFloor(
  { floor, below }: NonNullable<PolicyFile[number]['alive']>,
  at: ConfigPath,
  count: number,
  reader: ValueReader,
): Floor | undefined {
  if (floor === undefined) {
    if (below !== undefined) reader.refuse([...at, 'below'], 'means nothing without a floor');
    return undefined;
  }
  if (typeof floor === 'number' && floor > count) {
    reader.refuse([...at, 'floor'], `wants ${floor} regions, but the service has ${count}`);
  }
  const unit = typeof floor === 'number' ? 'regions' : 'percent';
  return { least: Number.parseInt(String(floor), 10), unit, below: below ?? 'keep' };
}

function readRule(
  rule: NonNullable<PolicyFile[number]['rules']>[number],
  at: ConfigPath,
  known: readonly string[],
  reader: ValueReader,
): SteeringRule {
  const networks = reader.prefixes(rule.networks, [...at, 'networks']);
  if (!rule.networks?.length && !rule.countries?.length) {
    reader.refuse(at, 'applies to nobody: give it networks or countries');
  }
  reader.refuseRepeats(rule.prefer, [...at, 'prefer']);
  for (const [i, region] of rule.prefer.entries()) {
    if (known.includes(region)) continue;
    reader.refuse(
      [...at, 'prefer', i],
      `region "${region}" is not one of this service's`,
      'config.reference',
    );
  }
  return { networks, countries: rule.countries ?? [], prefer: rule.prefer as RegionId[] };
}
