// A service's policy → steps: by a ready-made name, by one of the operator's own, or written out.

import type { TSchema } from 'typebox';
import { Type } from '../schema.ts';
import { block, list } from '../shape.ts';
import type { RegionId } from '../model/region.ts';
import type { StepSettings } from '../model/settings.ts';
import { stepKinds } from '../steering/chain.ts';
import type { StepKind } from '../steering/step.ts';
import type { ConfigPath } from './document.ts';
import { measuredTable } from './latency-files.ts';
import type { ValueReader } from './values.ts';

/** A policy as it is written: each step under its word. */
type Blocks = readonly Readonly<Record<string, unknown>>[];

/** A chain that services may name. */
export interface NamedPolicy {
  readonly blocks: Blocks;
  /** Where it is written; undefined for a ready-made one. */
  readonly at: ConfigPath | undefined;
}

/** Short words for common chains. */
export const readyMade: Readonly<Record<string, Blocks>> = {
  nearest: [{ nearest: {} }, { take: 1 }],
  multivalue: [{ nearest: {} }, { take: 3 }],
  failover: [{ priority: {} }, { take: 1 }],
  'round-robin': [{ 'round-robin': {} }, { take: 1 }],
  weighted: [{ weight: {} }, { take: 1 }],
  // As the directors have measured, where `meridian latencies` has written it down.
  latency: [{ latency: { file: measuredTable } }, { nearest: {} }, { take: 1 }],
  // Where no map is drawn: the regions of a client's country first, then those of its continent.
  'geo-map': [{ 'geo-map': {} }, { nearest: {} }, { take: 1 }],
  // Of the regions that are about as near as the nearest, the less busy ones the more often.
  'least-load': [{ nearest: { withinKm: 1000 } }, { 'least-load': {} }, { take: 1 }],
  // Regions that are about as near as the nearest, of which a client keeps one.
  sticky: [{ nearest: { withinKm: 1000 } }, { 'consistent-hash': {} }, { take: 1 }],
};

/** Without a word on it, the best region alone answers. */
export const standardPolicy = 'nearest';

const stepShape = block(
  Object.fromEntries(stepKinds.map(({ kind, shape }) => [kind, Type.Optional(shape)])),
);

export const policyShape = list(stepShape, 'the name of a policy or a list of steps');

export const policiesShape = Type.Record(Type.String(), Type.Unknown(), {
  description: 'policies by name',
});

const namePattern = /^[a-z0-9][a-z0-9-]{0,63}$/;

/** The operator's own policies by name, and the ready-made ones. `regions` are all that there are. */
export function readPolicies(
  value: unknown,
  regions: readonly RegionId[],
  reader: ValueReader,
): ReadonlyMap<string, NamedPolicy> {
  const book = new Map<string, NamedPolicy>(
    Object.entries(readyMade).map(([name, blocks]) => [name, { blocks, at: undefined }]),
  );
  const written =
    value === undefined ? {} : (reader.shape(policiesShape, value, ['policies']) ?? {});
  for (const [name, steps] of Object.entries(written)) {
    const at = ['policies', name];
    if (!namePattern.test(name)) {
      reader.refuse(at, 'want small letters, digits and hyphens as a name, at most 64');
    } else if (Object.hasOwn(readyMade, name)) {
      reader.refuse(at, 'is the name of a ready-made policy: choose another');
    }
    // One that is faulty still has its name, so that nobody is told that there is none.
    const blocks = readBlocks(steps, at, reader) ?? [];
    readSteps(blocks, at, regions, reader);
    book.set(name, { blocks, at });
  }
  return book;
}

/** `regions` are the service's own. */
export function readPolicy(
  value: unknown,
  at: ConfigPath,
  regions: readonly RegionId[],
  policies: ReadonlyMap<string, NamedPolicy>,
  reader: ValueReader,
): readonly StepSettings[] {
  if (typeof value !== 'string') {
    const blocks = readBlocks(value, at, reader);
    return blocks === undefined ? [] : readSteps(blocks, at, regions, reader);
  }
  const policy = policies.get(value);
  if (policy !== undefined) return readSteps(policy.blocks, policy.at ?? at, regions, reader);
  const names = [...policies.keys()].join(', ');
  reader.refuse(at, `got "${value}", want one of ${names}, or a list of steps`);
  return [];
}

/** A step without settings may be written as a bare word. */
function readBlocks(value: unknown, at: ConfigPath, reader: ValueReader): Blocks | undefined {
  const blocks = Array.isArray(value) ? value.map(wordAsBlock) : value;
  return reader.shape(policyShape, blocks, at) as Blocks | undefined;
}

function wordAsBlock(step: unknown): unknown {
  if (typeof step !== 'string') return step;
  const shape: (TSchema & { type?: unknown }) | undefined = kindOf(step)?.shape;
  return Object.fromEntries([[step, shape === undefined || shape.type === 'object' ? {} : null]]);
}

function kindOf(word: string | undefined): StepKind | undefined {
  return stepKinds.find(({ kind }) => kind === word);
}

function readSteps(
  blocks: Blocks,
  at: ConfigPath,
  regions: readonly RegionId[],
  reader: ValueReader,
): StepSettings[] {
  const steps: StepSettings[] = [];
  let last = -1;
  for (const [i, written] of blocks.entries()) {
    const [word, ...others] = Object.keys(written);
    const kind = kindOf(word);
    if (kind === undefined || others.length > 0) {
      reader.refuse([...at, i], 'want exactly one step in each entry of the list');
      continue;
    }
    const place = stepKinds.indexOf(kind);
    if (place <= last) {
      const order = stepKinds.map((each) => each.kind).join(', ');
      reader.refuse(
        [...at, i],
        `step ${kind.kind} is in the wrong place: steps run in the order ${order}, each once`,
      );
    }
    last = Math.max(last, place);
    steps.push(kind.read(written[kind.kind], reader.below([...at, i, kind.kind], regions)));
  }
  return steps;
}
