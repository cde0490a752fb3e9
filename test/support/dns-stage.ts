// A stage for DNS without sockets: a snapshot that a test swaps, and the real responder over it.

import assert from 'node:assert/strict';
import type { Ruling } from '../../src/authority/guard.ts';
import { indexZones } from '../../src/authority/zone.ts';
import { type Counters, createCounters, type QueryOutcome } from '../../src/director/counters.ts';
import { hmac } from '../../src/edge/hmac.ts';
import { createRespond, type RespondOptions } from '../../src/director/respond.ts';
import type { SnapshotCell, View } from '../../src/director/snapshot.ts';
import { noLoads } from '../../src/model/load.ts';
import type { Peer } from '../../src/model/message.ts';
import type { Begin } from '../../src/ports.ts';
import type { Settings } from '../../src/model/settings.ts';
import { areaKey } from '../../src/steering/order.ts';
import { preparePlans } from '../../src/steering/plan.ts';
import type { Snapshot } from '../../src/steering/snapshot.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { anIp, compileToEnd, noon, upHealth } from './fleet.ts';
import { buildQuery, message, option, optRecord, type QueryShape } from './query.ts';
import { signedQuery } from './signed.ts';
import { type ReadReply, readReply } from './reply.ts';
import { createRecordLog, type RecordLog } from './record-log.ts';

export const resolver: Peer = { address: anIp('192.0.2.53'), port: 4242, transport: 'udp' };

export interface DnsStage {
  readonly counters: Counters;
  readonly log: RecordLog;
  readonly clock: FakeClock;
  view: View;
  /** The octets of the reply; undefined for silence. */
  send(bytes: Uint8Array, peer?: Partial<Peer>, begin?: Begin): Uint8Array | undefined;
  /** A good query and its reply, read back. */
  ask(shape: QueryShape, peer?: Partial<Peer>): ReadReply;
}

export function viewOf(snapshot: Snapshot): View {
  return { snapshot, zones: indexZones(snapshot.settings) };
}

/** A snapshot of settings that were read from files: no geography, every region up. */
export function plainSnapshot(settings: Settings): Snapshot {
  const { services, regions } = settings;
  const health = new Map([...regions.keys()].map((id) => [id, upHealth()]));
  const areas = new Map(
    [...services.values()].map((service) => [
      areaKey(service, regions),
      compileToEnd(service, regions, undefined),
    ]),
  );
  const plans = preparePlans(settings, areas, health, new Map());
  const overrides = new Map();
  const known = { settings, atlas: undefined, health, overrides, named: regions };
  const state = { ...known, loads: noLoads, plans };
  return { epoch: 1, builtAt: noon, ...state };
}

export function createDnsStage(
  snapshot: Snapshot,
  options: Partial<
    Pick<RespondOptions, 'onAnswer' | 'clock' | 'cookieKeys' | 'rule' | 'hmac'>
  > = {},
): DnsStage {
  const counters = createCounters();
  const log = createRecordLog();
  const clock = createFakeClock(noon);
  const stage: DnsStage = {
    counters,
    log,
    clock,
    view: viewOf(snapshot),
    send: (bytes, peer, begin) => respond(bytes, { ...resolver, ...peer }, begin),
    ask(shape, peer) {
      const reply = stage.send(buildQuery(shape), peer);
      assert.ok(reply, 'no reply');
      return readReply(reply);
    },
  };
  // Nobody who answers queries does more with the cell than to read its view.
  const cell = {
    get view() {
      return stage.view;
    },
  } as SnapshotCell;
  const respond = createRespond({ cell, clock, counters, log, hmac, ...options });
  return stage;
}

/** The outcomes that were counted, as `steered 2, nodata 1`. */
export function counted({ outcomes }: Counters): string {
  const words = Object.entries(outcomes).filter(([, count]) => count > 0);
  return words.map(([outcome, count]) => `${outcome} ${count}`).join(', ');
}

/** Every query received ended in exactly one outcome. */
export function assertCountersSum({ received, outcomes }: Counters): void {
  const ended = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  assert.equal(ended, received.udp + received.tcp);
}

/** A packet for each outcome, for the zone that `npm start` serves, and what is odd about its sender. */
export const packets: Readonly<
  Record<
    QueryOutcome,
    | {
        readonly bytes: Uint8Array;
        readonly peer?: Partial<Peer>;
        /** Only where the configuration demands cookies. */
        readonly demandsCookie?: true;
        /** Only where its sender is a secondary of the zone. */
        readonly isSecondary?: true;
        /** What a guard says of the answer. */
        readonly ruling?: Ruling;
      }
    | undefined
  >
> = {
  steered: { bytes: buildQuery() },
  static: { bytes: buildQuery({ name: 'mail.example.test', type: 'AAAA' }) },
  nodata: { bytes: buildQuery({ name: 'mail.example.test', type: 'TXT' }) },
  nxdomain: { bytes: buildQuery({ name: 'nobody.example.test' }) },
  referral: { bytes: buildQuery({ name: 'www.lab.example.test' }) },
  transferred: { bytes: buildQuery({ name: 'example.test', type: 'IXFR' }), isSecondary: true },
  refused: { bytes: buildQuery({ name: 'example.net' }) },
  formerr: { bytes: Uint8Array.from([...buildQuery(), 0]) },
  notimp: { bytes: buildQuery({ opcode: 5 }) },
  badvers: { bytes: buildQuery({ edns: { version: 1 } }) },
  cookie: {
    bytes: message({
      counts: [0, 0, 0, 1],
      parts: [optRecord({ options: [option(10, [1, 2, 3, 4, 5, 6, 7, 8])] })],
    }),
  },
  badcookie: {
    bytes: buildQuery({ edns: { options: [option(10, [1, 2, 3, 4, 5, 6, 7, 8])] } }),
    demandsCookie: true,
  },
  notauth: { bytes: signedQuery(buildQuery(), { key: 'nobody.example.test' }) },
  chaos: { bytes: buildQuery({ name: 'version.bind', type: 'TXT', class: 3 }) },
  explained: {
    bytes: buildQuery({ name: '_explain.www.example.test', type: 'TXT' }),
    peer: { address: { family: 4, a: 0x7f000001, b: 0, c: 0, d: 0 } },
  },
  // Only a mistake of ours leads here.
  servfail: undefined,
  'dropped-short': { bytes: new Uint8Array(11) },
  'dropped-response': {
    bytes: Uint8Array.from(buildQuery(), (octet, i) => (i === 2 ? 0x80 : octet)),
  },
  'dropped-source': { bytes: buildQuery(), peer: { port: 0 } },
  'dropped-rate': { bytes: buildQuery(), ruling: 'drop' },
  slipped: { bytes: buildQuery(), ruling: 'slip' },
};
