// What a thread answered, packed for those who count clients: a batch of numbers, played again elsewhere.

import { type Ip, type Prefix, widthOf } from '../../model/ip.ts';
import type { DomainName } from '../../model/name.ts';
import type { RegionId } from '../../model/region.ts';
import { type Millis, millis } from '../../model/time.ts';
import type { OnAnswer, OnSteered } from '../sampled.ts';

/** Steered answers that were given in full, in their order. */
export interface Batch {
  /** Fourteen numbers an answer: decision, milliseconds since `from`, asker, and subnet, each in six. */
  readonly numbers: Uint32Array<ArrayBuffer>;
  readonly from: Millis;
  /** By their number in the batch. */
  readonly decisions: readonly Decided[];
}

interface Decided {
  readonly service: DomainName;
  readonly regions: readonly RegionId[];
}

const size = 14;
const addressSize = 6;

/** So many answers make a batch. */
const most = 1024;

export interface Packer {
  readonly onAnswer: OnAnswer;
  /** What was answered since the last batch; undefined for nothing. */
  take(): Batch | undefined;
}

/** `send` gets each batch that is full. Nothing is kept while `isWanted` says so. */
export function packAnswers(
  now: () => Millis,
  isWanted: () => boolean,
  send: (batch: Batch) => void,
): Packer {
  let open: { numbers: Uint32Array<ArrayBuffer>; from: Millis; count: number } | undefined;
  let decisions: Decided[] = [];
  let known = new Map<DomainName, Map<readonly RegionId[], number>>();
  const numberOf = ({ service, regions }: Decided): number => {
    let ofService = known.get(service);
    if (ofService === undefined) known.set(service, (ofService = new Map()));
    let number = ofService.get(regions);
    if (number === undefined) {
      number = decisions.push({ service, regions }) - 1;
      ofService.set(regions, number);
    }
    return number;
  };
  const take = (): Batch | undefined => {
    if (open === undefined) return undefined;
    const { numbers, from, count } = open;
    const batch = { numbers: numbers.slice(0, count * size), from, decisions };
    open = undefined;
    decisions = [];
    known = new Map();
    return batch;
  };
  return {
    onAnswer({ edns }, { address }, outcome, decision) {
      if (decision === undefined || outcome === 'slipped' || !isWanted()) return;
      const at = now();
      open ??= { numbers: new Uint32Array(most * size), from: at, count: 0 };
      const { numbers, from } = open;
      const start = open.count * size;
      numbers[start] = numberOf(decision);
      numbers[start + 1] = Math.max(0, at - from);
      const source = edns?.subnet?.source;
      writeAddress(numbers, start + 2, address, widthOf(address.family));
      if (source !== undefined) {
        writeAddress(numbers, start + 2 + addressSize, source.ip, source.length);
      }
      if (++open.count < most) return;
      const batch = take();
      if (batch !== undefined) send(batch);
    },
    take,
  };
}

/** Tells a listener of every answer of a batch, as if it were given here. */
export function playAnswers({ numbers, from, decisions }: Batch, listener: OnSteered): void {
  for (let start = 0; start < numbers.length; start += size) {
    const decision = decisions[numbers[start] as number];
    const asker = readAddress(numbers, start + 2);
    if (decision === undefined || asker === undefined) continue;
    const source = readAddress(numbers, start + 2 + addressSize);
    const edns = source && { subnet: { source } };
    const at = millis(from + (numbers[start + 1] as number));
    listener({ edns }, { address: asker.ip }, 'steered', decision, at);
  }
}

function writeAddress(numbers: Uint32Array, at: number, ip: Ip, length: number): void {
  numbers[at] = ip.family;
  numbers[at + 1] = length;
  numbers[at + 2] = ip.a;
  numbers[at + 3] = ip.b;
  numbers[at + 4] = ip.c;
  numbers[at + 5] = ip.d;
}

/** Undefined where none was written. */
function readAddress(numbers: Uint32Array, at: number): Prefix | undefined {
  const numberAt = (i: number): number => numbers[at + i] as number;
  const family = numberAt(0);
  if (family !== 4 && family !== 6) return undefined;
  const [a, b, c, d] = [numberAt(2), numberAt(3), numberAt(4), numberAt(5)];
  return { ip: { family, a, b, c, d }, length: numberAt(1) };
}
