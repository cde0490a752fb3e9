// The fleet as a scenario describes it: written out as an operator would, and read by the real code.

import type { Atlas } from '../../src/model/atlas.ts';
import type { Settings } from '../../src/model/settings.ts';
import { anAtlas } from '../support/atlas.ts';
import { settingsOf } from '../support/config.ts';

export interface Draft {
  readonly regions: Map<string, { readonly at: Place; readonly weight: number }>;
  readonly clients: Map<string, { readonly network: string; readonly at: Place }>;
  readonly services: object[];
  readonly records: object[];
  observers: readonly string[];
  boards: readonly string[];
  settle: string;
}

/** Degrees. */
export interface Place {
  readonly lat: number;
  readonly lon: number;
}

/** Half a minute of short TTLs after a change, not ten: time that passes costs time. */
export function startDraft(): Draft {
  return {
    regions: new Map(),
    clients: new Map(),
    services: [],
    records: [],
    observers: [],
    boards: [],
    settle: '30s',
  };
}

/** The settings of one director; throws on a fleet that no operator could configure either. */
export function settle(draft: Draft, id: string, region: string): Settings {
  const { observers, services, records, boards } = draft;
  const main = {
    director: { id, region },
    gossip: { boards: boards.map((name) => `redis://${name}`), secrets: [secret] },
    health: { observers, settle: draft.settle },
    zones: [{ name: 'example.test', nameservers: ['ns.example.net'], records, services }],
  };
  const files = Array.from(draft.regions, ([name, { at, weight }]) => {
    const { A, AAAA } = addressesOf(draft, name);
    const place = { title: name, country: 'ZZ', latitude: at.lat, longitude: at.lon };
    const probe = { tcp: `${name}:80` };
    return [name, JSON.stringify({ ...place, weight, ipv4: [A], ipv6: [AAAA], probe })];
  });
  return settingsOf({ main: JSON.stringify(main), regions: Object.fromEntries(files) });
}

/** The addresses that clients of a region get, by type of record. */
export function addressesOf({ regions }: Draft, region: string): { A: string; AAAA: string } {
  const number = [...regions.keys()].indexOf(region) + 1;
  return { A: `192.0.2.${number}`, AAAA: `2001:db8::${number}` };
}

/** What every director of the fleet signs with, and what somebody outside it would try. */
export const secret = 'the secret of the fleet';
export const wrongSecret = 'a guess at the secret';

export function atlasOf({ clients }: Draft): Atlas {
  return anAtlas(Array.from(clients.values(), ({ network, at }) => ({ prefix: network, ...at })));
}
