// A dns2 server as its README shows, which locates each client with one geoip-lite look-up.

import { createRequire } from 'node:module';
import dns2, { Packet } from 'dns2';

/** It has no types of its own. */
const geoip = createRequire(import.meta.url)('geoip-lite') as {
  lookup(address: string): { readonly ll: readonly [number, number] } | null;
};

interface Region {
  readonly ipv4: string;
  readonly coordinates: { readonly latitude: number; readonly longitude: number };
}

const [, , port, service, text = '[]'] = process.argv;
const regions = JSON.parse(text) as Region[];

/** As good as a distance for finding the nearest, and quicker. */
function nearest(ll: readonly [number, number] | undefined): Region | undefined {
  if (ll === undefined) return regions[0];
  const radians = Math.PI / 180;
  const closeness = ({ coordinates: { latitude, longitude } }: Region): number =>
    Math.sin(ll[0] * radians) * Math.sin(latitude * radians) +
    Math.cos(ll[0] * radians) *
      Math.cos(latitude * radians) *
      Math.cos((ll[1] - longitude) * radians);
  const all = regions.map(closeness);
  return regions[all.indexOf(Math.max(...all))];
}

interface Option {
  readonly ednsCode: number;
  readonly ip?: string;
}

/** The client subnet if dns2 could read one, else the resolver. */
function clientOf(request: Packet, from: string): string {
  const opt = request.additionals.find(({ type }) => type === Packet.TYPE.EDNS);
  const options = (opt as unknown as { rdata?: readonly Option[] } | undefined)?.rdata ?? [];
  return options.find(({ ednsCode }) => ednsCode === 8)?.ip ?? from;
}

const server = dns2.createServer({
  udp: true,
  tcp: true,
  handle: (request, send, peer) => {
    const response = Packet.createResponseFromRequest(request);
    const { name } = request.questions[0] ?? { name: '' };
    if (name === service) {
      const from = (peer as { address?: string }).address ?? '127.0.0.1';
      const region = nearest(geoip.lookup(clientOf(request, from))?.ll);
      const record = { type: Packet.TYPE.A, class: Packet.CLASS.IN, ttl: 30 };
      // Its types want a method here that its README does without.
      response.answers.push({ name, ...record, address: region?.ipv4 ?? '' } as never);
    } else {
      response.header.rcode = Packet.RCODE.NXDOMAIN;
    }
    void send(response);
  },
});

const listen = { port: Number(port), address: '127.0.0.1' };
void server.listen({ udp: listen, tcp: listen });
