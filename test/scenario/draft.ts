// The fleet as a scenario describes it: written out as an operator would, and read by the real code.

import type { Atlas } from '../../src/model/atlas.ts';
import type { Settings } from '../../src/model/settings.ts';
import { anAtlas } from '../support/atlas.ts';
import { settingsOf } from '../support/config.ts';

export interface Draft {
  readonly regions: Map<string, { readonly at: Place; readonly more: object }>;
  readonly clients: Map<string, ClientFacts>;
  readonly services: Map<string, object>;
  readonly records: object[];
  observers: readonly string[];
  boards: readonly string[];
  settle: string;
  /** What stands under `health.return`. */
  returns: object;
  /** What stands under `safety`. */
  safety: object | undefined;
  /** What else stands under `health`. */
  readonly health: object;
}

interface ClientFacts {
  readonly network: string;
  readonly at: Place;
  /** Empty when GeoIP does not know. */
  readonly country: string;
}

/** Degrees. */
export interface Place {
  readonly lat: number;
  readonly lon: number;
}

/**
 * Short TTLs for 20 seconds after a change, not for ten minutes, and regions that are back at once:
 * time that passes costs time.
 */
export function startDraft(): Draft {
  return {
    regions: new Map(),
    clients: new Map(),
    services: new Map(),
    records: [],
    observers: [],
    boards: [],
    settle: '20s',
    returns: { hold: '0s', stage: '0s' },
    safety: undefined,
    health: {},
  };
}

/** What every director of the fleet signs with, and what somebody outside it would try. */
const secret = 'the secret of the fleet';
export const wrongSecret = 'a guess at the secret';

/** Settings of the fleet's first director; throws on a fleet that no operator could configure. */
export function settle(draft: Draft, director: Settings['director']): Settings {
  const { observers, records, boards } = draft;
  const services = [...draft.services.values()];
  const main = {
    director,
    gossip: { boards: boards.map((name) => `redis://${name}`), secrets: [secret] },
    health: { observers, settle: draft.settle, return: draft.returns, ...draft.health },
    ...(draft.safety && { safety: draft.safety }),
    zones: [{ name: 'example.test', nameservers: ['ns.example.net'], records, services }],
  };
  const files = Array.from(draft.regions, ([name, { at, more }], i) => {
    const place = { title: name, country: 'ZZ', latitude: at.lat, longitude: at.lon };
    const addresses = { ipv4: [`192.0.2.${i + 1}`], ipv6: [`2001:db8::${i + 1}`] };
    const probe = { tcp: `${name}:80`, holdDown: '0s', flapHalfLife: '0s' };
    const watched = 'probes' in more ? {} : { probe };
    return [name, JSON.stringify({ ...place, ...addresses, ...watched, ...more })];
  });
  return settingsOf({ main: JSON.stringify(main), regions: Object.fromEntries(files) });
}

export function atlasOf({ clients }: Draft): Atlas {
  const entries = Array.from(clients.values(), ({ network, at, country }) => {
    return { prefix: network, ...at, country };
  });
  return anAtlas(entries);
}
