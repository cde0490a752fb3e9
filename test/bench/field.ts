// The field: every server that this machine has, started, and checked before anything is timed.

import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { askUdp } from '../support/ask.ts';
import { freePorts } from '../support/ports.ts';
import { type Cookie, clientCookie, clientNetworks, cookieOption, subnetQuery } from './mixes.ts';
import type { Entrant } from './rounds.ts';
import { bind } from './servers/bind.ts';
import { dns2 } from './servers/dns2.ts';
import { echo, echoInC } from './servers/echo.ts';
import { gdnsd } from './servers/gdnsd.ts';
import { knot } from './servers/knot.ts';
import { meridian } from './servers/meridian.ts';
import { powerdns } from './servers/powerdns.ts';
import { type Kind, missingOf, type Stage } from './servers/program.ts';
import type { World } from './servers/world.ts';

/** In the order of the tables. */
export const kinds: readonly Kind[] = [
  meridian(1),
  meridian('auto'),
  echo,
  echoInC,
  gdnsd,
  knot,
  powerdns,
  bind,
  dns2,
];

/** Where servers and load run: apart from one another where the machine and its tools allow it. */
export interface Places {
  readonly server: readonly string[];
  readonly load: readonly string[];
  readonly words: string;
}

export function placesOf(processors: number, hasTaskset: boolean): Places {
  if (processors < 2 || !hasTaskset) {
    const words = 'Nothing is pinned: servers and load share the processors';
    return { server: [], load: [], words };
  }
  const others = processors === 2 ? '1' : `1-${processors - 1}`;
  return {
    server: ['taskset', '-c', '0'],
    load: ['taskset', '-c', others],
    words: `Servers are pinned to processor 0 and dnsperf to ${others} (\`taskset\`), but for the one with a thread for each`,
  };
}

export const hasProgram = (program: string): boolean =>
  spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

export const places = placesOf(availableParallelism(), hasProgram('taskset'));

export interface Field {
  readonly entrants: readonly Entrant[];
  /** For each kind, what became of it. */
  readonly notes: ReadonlyMap<Kind, string>;
}

export interface Ground {
  readonly world: World;
  readonly folder: string;
  readonly certificate: string;
  readonly key: string;
  readonly say: (text: string) => void;
}

let stages = 0;

/** A place for one more server, with ports that nobody has. */
export async function newStage(
  { folder, certificate, key }: Omit<Ground, 'say' | 'world'>,
  prefix: readonly string[],
): Promise<Stage> {
  const own = join(folder, `server-${++stages}`);
  mkdirSync(own);
  const [dns = 0, doh = 0, http = 0] = await freePorts(3);
  return { folder: own, ports: [dns, doh, http], prefix, certificate, key };
}

/** Whoever cannot be started, or answers otherwise than the others, is left out with a note. */
export async function startField(
  chosen: readonly Kind[],
  ground: Ground,
  parts: AsyncDisposableStack,
): Promise<Field> {
  const entrants: Entrant[] = [];
  const notes = new Map<Kind, string>();
  for (const kind of chosen) {
    const missing = missingOf(kind.needs);
    if (missing.length > 0) {
      notes.set(kind, `not there: \`apt-get install ${missing.join(' ')}\``);
      ground.say(`${kind.name}: ${missing.join(' ')} is not installed, so it is left out`);
      continue;
    }
    try {
      const prefix = kind.isWide === true ? [] : places.server;
      const running = parts.use(await kind.start(ground.world, await newStage(ground, prefix)));
      const checked = await check(running.port, kind, ground.world);
      notes.set(kind, checked.note);
      entrants.push({
        kind,
        running,
        cookie: checked.cookie,
        isBySubnet: checked.isBySubnet,
        loadPrefix: kind.isWide === true ? [] : places.load,
        processors: kind.isWide === true ? availableParallelism() : 1,
      });
      ground.say(`${kind.name}: ${checked.note}`);
    } catch (error) {
      notes.set(kind, `not comparable: ${error instanceof Error ? error.message : String(error)}`);
      ground.say(`${kind.name}: ${String(error)}`);
    }
  }
  return { entrants, notes };
}

interface Checked {
  readonly cookie: Cookie | undefined;
  readonly isBySubnet: boolean;
  readonly note: string;
}

const sampleSize = 200;

/** Nearly all: rows of GeoIP lie on the border between two regions here and there. */
const leastRight = 0.98;

/** Asks for a sample of clients and compares; throws where not even a plain question is answered. */
async function check(port: number, kind: Kind, world: World): Promise<Checked> {
  if (kind.isEcho === true) {
    const cookie = Uint8Array.of(...clientCookie, ...new Uint8Array(16));
    return { cookie, isBySubnet: true, note: 'sends back what came' };
  }
  const addresses = world.regions.map(({ ipv4 }) => ipv4);
  const plain = await askUdp(port, {});
  const [only] = plain.answers;
  if (plain.answers.length !== 1 || !addresses.includes(only?.data ?? '')) {
    throw new Error(`a plain question was answered with ${JSON.stringify(plain.answers)}`);
  }
  const nobody = await askUdp(port, { name: 'nobody.example.test' });
  if (nobody.rcode !== 'NXDOMAIN') {
    throw new Error(`a name that is not there was answered with ${nobody.rcode}`);
  }
  let right = 0;
  const sample = clientNetworks(sampleSize);
  for (const network of sample) {
    const reply = await askUdp(port, subnetQuery(network));
    if (reply.answers[0]?.data === world.regionOf(network).ipv4) right++;
  }
  const isBySubnet = right >= leastRight * sample.length;
  const words = `${right} of ${sample.length} client networks (ECS) were sent to the nearest region`;
  return { cookie: await cookieOf(port), isBySubnet, note: words };
}

/** What the server makes of a client's cookie; undefined where it does not know cookies. */
async function cookieOf(port: number): Promise<Cookie | undefined> {
  const reply = await askUdp(port, { edns: { options: [cookieOption(clientCookie)] } });
  const at = reply.edns?.options.indexOf(10) ?? -1;
  const whole = Buffer.from(reply.edns?.optionData[at] ?? '', 'hex');
  return whole.length > clientCookie.length ? whole : undefined;
}
