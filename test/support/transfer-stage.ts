// A stage for transfers without sockets: the zone example.test, one secondary, and all it is sent.

import assert from 'node:assert/strict';
import type { Hmac } from '../../src/ports.ts';
import { hmac } from '../../src/edge/hmac.ts';
import { settingsOf, zoneText } from './config.ts';
import { createDnsStage, type DnsStage, plainSnapshot, viewOf } from './dns-stage.ts';
import { keyName, secret } from './signed.ts';

/** The secondary's key, and the one that it changes to. */
const keys = `dns:
  keys:
    - { name: next.example.test, secret: ${Buffer.alloc(32, 9).toString('base64')} }
    - { name: ${keyName}, secret: ${Buffer.from(secret).toString('base64')} }
`;

export interface TransferStage extends DnsStage {
  /** The time by which signatures are judged, in Unix seconds. */
  readonly time: { now: number };
  /** Records of the zone, each one line of YAML. */
  serve(records: readonly string[]): void;
  /** Every message that is sent over TCP. */
  transfer(query: Uint8Array): Uint8Array[];
  /** A transfer that has only begun. */
  begin(query: Uint8Array): Generator<Uint8Array, void, void>;
}

export const serial = 77;

/** The secondary of the stage comes from the address that the stage asks from. */
export function createTransferStage(records: readonly string[] = [], key = `key: ${keyName}`) {
  const settings = (lines: readonly string[]) => {
    const secondary = `{ address: 192.0.2.53, ${key} }`;
    const zone = [`serial: ${serial}`, 'secondaries:', `  - ${secondary}`];
    const service = '{ name: www, regions: [eu] }';
    return settingsOf({ main: keys + zoneText({ zone, records: lines, services: [service] }) });
  };
  const time = { now: 1_900_000_000 };
  const timed: Hmac = { ...hmac, unixSeconds: () => time.now };
  const base = createDnsStage(plainSnapshot(settings(records)), { hmac: timed });
  const stage: TransferStage = Object.assign(base, {
    time,
    serve: (lines: readonly string[]) => {
      base.view = viewOf(plainSnapshot(settings(lines)));
    },
    transfer: (query: Uint8Array) => {
      let messages: Uint8Array[] = [];
      const begin = (sent: Iterable<Uint8Array>): void => {
        messages = [...sent];
      };
      const reply = base.send(query, { transport: 'tcp' }, begin);
      return reply === undefined ? messages : [reply];
    },
    begin: (query: Uint8Array) => {
      let begun: Generator<Uint8Array, void, void> | undefined;
      base.send(query, { transport: 'tcp' }, (sent) => void (begun = sent));
      assert.ok(begun, 'no transfer has begun');
      return begun;
    },
  });
  return stage;
}
