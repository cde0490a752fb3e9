// Transfers: who may have a zone whole, and the messages that it comes in (RFC 5936, RFC 1995).

import { isLater, serialOf } from '../../authority/serial.ts';
import { transferSets } from '../../authority/transfer.ts';
import { formatIp, sameIp } from '../../model/ip.ts';
import {
  type Answer,
  extendedErrors,
  type Peer,
  type Query,
  recordTypes,
  type RRset,
} from '../../model/message.ts';
import { formatName } from '../../model/name.ts';
import type { TsigKey } from '../../model/secondary.ts';
import type { Zone } from '../../model/settings.ts';
import type { Log } from '../../ports.ts';
import { bareAnswer, type CompiledAnswer, compileAnswer, reply } from '../../wire/encode.ts';
import type { Counters } from '../counters.ts';
import type { Signer } from './signatures.ts';
import type { View } from '../snapshot.ts';

/** A query for a zone, with everything that its answer depends on. */
export interface TransferQuery {
  readonly query: Query;
  /** The query's octets, out of their envelope. */
  readonly bytes: Uint8Array;
  readonly peer: Peer;
  readonly view: View;
  /** Of an IXFR, what its sender has. */
  readonly serial: number | undefined;
  /** The key of its signature, and who signs the answer; undefined where there is none. */
  readonly key: TsigKey | undefined;
  readonly signer: Signer | undefined;
  /** False where the door takes one message alone. */
  readonly canStream: boolean;
}

export type Transfer =
  | {
      readonly kind: 'message';
      readonly compiled: CompiledAnswer;
      readonly outcome: 'transferred' | 'refused';
    }
  | { readonly kind: 'stream'; readonly messages: Generator<Uint8Array, void, void> };

export type OpenTransfer = (asked: TransferQuery) => Transfer;

/** Zones that go out at the same time; each costs a message's octets and its turn at the loop. */
const mostAtOnce = 16;

/** Octets of records before compression: with what it saves, about 16 KiB, where pointers end. */
const messageSize = 32_768;

export function createTransfers(counters: Pick<Counters, 'transfers'>, log: Log): OpenTransfer {
  let running = 0;
  return (asked) => {
    const { query, peer, view, canStream } = asked;
    const isUdp = peer.transport === 'udp';
    const zone = view.zones.nodes.get(query.name)?.zone;
    if (zone?.apex !== query.name) return refuse('no zone of this server has this name');
    if (!isAllowed(zone, asked)) return refuse('not a secondary of this zone');
    if (query.type === recordTypes.IXFR && (isUdp || isUpToDate(zone, asked))) {
      const compiled = compileAnswer(query.name, answerOf([zone.soa]));
      return { kind: 'message', compiled, outcome: 'transferred' };
    }
    if (!canStream) return refuse('zones are transferred over TCP');
    if (running >= mostAtOnce) return refuse('too many transfers at once', extendedErrors.notReady);
    return { kind: 'stream', messages: run(zone, asked) };
  };

  function* run(zone: Zone, asked: TransferQuery): Generator<Uint8Array, void, void> {
    running++;
    const told = { zone: formatName(zone.apex), to: formatIp(asked.peer.address) };
    let isWhole = false;
    let messages = 0;
    try {
      for (const message of messagesOf(zone, asked)) {
        messages++;
        yield message;
      }
      isWhole = true;
    } finally {
      running--;
      counters.transfers[isWhole ? 'completed' : 'broken']++;
      const serial = serialOf(zone);
      if (isWhole) log.info('transfer.sent', { ...told, serial, messages });
      else log.warn('transfer.broken', { ...told, serial, messages });
    }
  }
}

function refuse(text: string, code: number = extendedErrors.prohibited): Transfer {
  return { kind: 'message', compiled: bareAnswer('REFUSED', { code, text }), outcome: 'refused' };
}

/** By its address, and by its key where it has one. */
function isAllowed({ secondaries }: Zone, { peer, key }: TransferQuery): boolean {
  return secondaries.some(
    (each) =>
      sameIp(each.address, peer.address) && (each.key === undefined || each.key === key?.name),
  );
}

/** RFC 1995 §2: who has this serial, or a later one, is sent the SOA alone. */
function isUpToDate(zone: Zone, { serial }: TransferQuery): boolean {
  return serial !== undefined && !isLater(serialOf(zone), serial);
}

/** Throws at a record that is too long for any message. */
function* messagesOf(
  zone: Zone,
  { query, bytes, view, peer, signer }: TransferQuery,
): Generator<Uint8Array, void, void> {
  const { settings } = view.snapshot;
  const options = { transport: peer.transport, reserved: signer?.size ?? 0 };
  for (const sets of gather(transferSets(zone, settings, view.zones))) {
    const compiled = compileAnswer(query.name, answerOf(sets));
    const message = reply(query, bytes, compiled, options);
    // What was cut short would be a zone with a hole in it.
    if (isTruncated(message)) throw new RangeError('a record is too long for any message');
    yield signer === undefined ? message : signer.sign(message);
  }
}

/** Sets for one message after another: a set that is large goes out in parts. */
function* gather(sets: Iterable<RRset>): Generator<readonly RRset[], void, void> {
  let gathered: RRset[] = [];
  let size = 0;
  for (const set of sets) {
    let start = 0;
    for (const [i, { wire }] of set.data.entries()) {
      const octets = set.name.length + 10 + wire.length;
      if (size > 0 && size + octets > messageSize) {
        if (i > start) gathered.push({ ...set, data: set.data.slice(start, i) });
        yield gathered;
        [gathered, size, start] = [[], 0, i];
      }
      size += octets;
    }
    gathered.push(start === 0 ? set : { ...set, data: set.data.slice(start) });
  }
  yield gathered;
}

function isTruncated(message: Uint8Array): boolean {
  return ((message[2] ?? 0) & 2) !== 0;
}

function answerOf(answers: readonly RRset[]): Answer {
  return {
    rcode: 'NOERROR',
    isAuthoritative: true,
    answers,
    authority: [],
    additional: [],
    extendedError: undefined,
  };
}
