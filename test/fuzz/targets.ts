// What is fed to whom: every decoder that strangers, peers, applications or operators reach.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { Packet } from 'dns2';
import type { Random } from '../../src/ports.ts';
import { fromHex } from '../support/hex.ts';
import { buildQuery, option } from '../support/query.ts';
import { createDatagrams } from './datagrams.ts';
import { ballots, stateFiles } from './gossip-texts.ts';
import { configurations, regionFiles, zoneTexts } from './operator-texts.ts';
import { requests } from './requests.ts';

export interface Target {
  readonly name: string;
  /** Where its inputs come from. */
  readonly from: 'strangers' | 'the fleet' | 'operators';
  readonly corpus: readonly Uint8Array[];
  readonly words: readonly Uint8Array[];
  /** How many inputs it gets in one round: fewer where each costs more. */
  readonly inputs: number;
  /** Octets of the longest input that can reach the decoder. */
  readonly longest: number;
  /** Throws when a rule is broken; else one word on what became of the input. */
  feed(input: Uint8Array, random: Random): string | Promise<string>;
}

const cookie = option(10, [1, 2, 3, 4, 5, 6, 7, 8]);

/** Good queries, and every stored bad one. */
export function storedPackets(): Uint8Array[] {
  const folder = new URL('../wire/corpus/', import.meta.url);
  const stored = readdirSync(folder).map((file) =>
    fromHex(readFileSync(new URL(file, folder), 'utf8')),
  );
  const types = ['A', 'AAAA', 'TXT', 'HTTPS', 'ANY', 'SOA', 'NS', 'DS', 'CNAME'] as const;
  return [
    ...stored,
    ...types.map((type) => buildQuery({ type, name: 'api.example.test' })),
    buildQuery({ name: '_explain.www.example.test', type: 'TXT', edns: true }),
    buildQuery({ name: 'version.bind', type: 'TXT', class: 3 }),
    buildQuery({
      subnet: '9.9.9.0/24',
      edns: { options: [cookie, option(3, []), option(11, [])] },
    }),
    buildQuery({
      subnet: '2001:4860::/48',
      edns: { wantsDnssec: true, options: [option(12, [0, 0])] },
    }),
    buildQuery({ name: 'deep.dev.example.test', edns: { options: [option(65_001, [1, 2, 3])] } }),
    buildQuery({ name: 'x.lab.example.test', subnet: '::ffff:c000:200/120' }),
  ];
}

/** Pieces of DNS messages. */
export const packetWords: readonly Uint8Array[] = [
  [0xc0, 0x0c],
  [0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0],
  [0, 8, 0, 7, 0, 1, 24, 0, 9, 9, 9],
  [0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8],
  [0, 3, 0, 0],
  [0, 11, 0, 0],
  [0, 12, 0, 4, 0, 0, 0, 0],
  [7, 0x65, 0x78, 0x61, 0x6d, 0x70, 0x6c, 0x65],
  [0, 1, 0, 1],
  [63],
].map((octets) => Uint8Array.from(octets));

/** Answers to the DNS probes of a director: longer ones are not read. */
function probeAnswers(): Target {
  const corpus = storedPackets().map((bytes) => {
    const answer = Buffer.from(bytes);
    if (answer.length > 2) answer[2] = (answer[2] as number) | 0x80;
    return answer;
  });
  return {
    name: 'answers to DNS probes',
    from: 'strangers',
    corpus,
    words: packetWords,
    inputs: 2000,
    longest: 512,
    feed(input) {
      if (input.length < 12) return 'short';
      const { errors } = Packet.parse(Buffer.from(input));
      return errors.length === 0 ? 'read' : 'faulty';
    },
  };
}

export interface Targets extends AsyncDisposable {
  readonly all: readonly Target[];
}

export async function openTargets(): Promise<Targets> {
  const http = await requests();
  const all = [
    createDatagrams(storedPackets(), packetWords),
    probeAnswers(),
    ballots(),
    stateFiles(),
    ...http.targets,
    zoneTexts(),
    configurations(),
    regionFiles(),
  ];
  assert.equal(new Set(all.map(({ name }) => name)).size, all.length);
  return { all, [Symbol.asyncDispose]: () => http.close() };
}
