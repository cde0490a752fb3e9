// A network of sites for system tests: namespaces where the machine allows it, loopback elsewhere.

import type { LinkChange, Service, Site } from './link.ts';
import { openLoopback } from './loopback.ts';
import { openNamespaces, whyNoNamespaces } from './namespaces.ts';

export interface Network extends AsyncDisposable {
  /** What it is made of, and why not of namespaces where it is not. */
  readonly kind: string;
  /** Words to put before a command so that it runs at the site. */
  prefix(site: Site): readonly string[];
  /** Where a service of the site is to listen. */
  listen(site: Site, service: Service): Endpoint;
  /** Where the machine itself finds it, by loopback. */
  own(site: Site, service: Service): Endpoint;
  /** Where those at another site, or at the same, find it. */
  reach(from: Site, to: Site, service: Service): Promise<Endpoint>;
  change(change: LinkChange): void;
  mendAll(): void;
  /** A disk for a folder of the site, to be had before anything is written there. */
  disk(site: Site, folder: string): Disk;
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export interface Disk {
  /** Where the test finds what the site wrote. */
  readonly folder: string;
  /** From now on nothing can be written to it. */
  fill(): void;
  free(): void;
}

export async function openNetwork(): Promise<Network> {
  const reason = whyNoNamespaces();
  return reason === undefined ? openNamespaces() : openLoopback(reason);
}

/** All links between two groups of sites, both ways; `link` as in `LinkChange`. */
export function changeBetween(
  network: Network,
  some: readonly Site[],
  others: readonly Site[],
  { only, link }: Pick<LinkChange, 'only' | 'link'>,
): void {
  for (const one of some) {
    for (const other of others) {
      if (one === other) continue;
      network.change({ from: one, to: other, only, link });
      network.change({ from: other, to: one, only, link });
    }
  }
}
