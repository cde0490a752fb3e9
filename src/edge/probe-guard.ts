// The guard: keeps probes within the networks that the operator listed, whatever a name says.

import { type LookupAddress, lookup as resolveName } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { isWithin, parseIp, type Prefix } from '../model/ip.ts';

export interface Guard {
  /** Rejects an address literal outside; sockets look up names only, so this comes before them. */
  readonly check: (host: string) => void;
  /**
   * Looks up a name and gives the addresses that lie within, which are then connected to without
   * asking again: a name that changes between two look-ups (DNS rebinding) gains nothing.
   */
  readonly lookup: LookupFunction;
}

export class OutsideError extends Error {
  readonly setting: string;

  constructor(where: string, setting: string) {
    super(`${where} lies outside ${setting}`);
    this.setting = setting;
  }
}

export type ResolveName = (
  host: string,
  options: { readonly all: true },
  callback: (error: Error | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * Without networks every address is fine. They are asked for each time, since they may change; `setting`
 * is what names them.
 */
export function createGuard(
  networks: () => readonly Prefix[] | undefined,
  resolve: ResolveName = resolveName,
  setting = 'health.probeNetworks',
): Guard {
  const outside = (host: string, addresses: readonly LookupAddress[] = []): Error =>
    new OutsideError(whereOf(host, addresses), setting);
  const isFine = (address: string): boolean => {
    const allowed = networks();
    const ip = parseIp(address);
    // What cannot be read, such as a link-local address with its zone, is not within anything.
    return allowed === undefined || (ip !== undefined && allowed.some((own) => isWithin(ip, own)));
  };
  return {
    check: (host) => {
      if (isIP(host) !== 0 && !isFine(host)) throw outside(host);
    },
    lookup: (host, options, callback) => {
      resolve(host, { ...options, all: true }, (error, addresses) => {
        if (error !== null) {
          callback(error, []);
          return;
        }
        const fine = addresses.filter(({ address }) => isFine(address));
        const [first] = fine;
        if (first === undefined) callback(outside(host, addresses), []);
        else if (options.all === true) callback(null, fine);
        else callback(null, first.address, first.family);
      });
    },
  };
}

function whereOf(host: string, addresses: readonly LookupAddress[]): string {
  const found = addresses.map(({ address }) => address).filter((address) => address !== host);
  return found.length === 0 ? host : `${host} (${found.join(', ')})`;
}
