// One director on boards of a test's, asked all the while that a board is broken.

import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { askUdp } from './ask.ts';
import {
  type ConfigFolder,
  createConfigFolder,
  type DirectorProcess,
  startDirectorProcess,
} from './director-process.ts';
import { eventually } from './eventually.ts';

const region = `
title: Dublin
country: IE
latitude: 53.35
longitude: -6.26
ipv4: [192.0.2.10]
nameserver: { ipv4: [198.51.100.1] }
`;

export interface Solo extends AsyncDisposable {
  readonly director: DirectorProcess;
  readonly config: ConfigFolder;
}

/** `boards` are entries of gossip.boards as YAML; `files` stand beside the main file. */
export async function startSolo(
  boards: readonly string[],
  files: Readonly<Record<string, string>> = {},
): Promise<Solo> {
  await using building = new AsyncDisposableStack();
  const main = `
director: { id: solo, region: eu }
dns: { workers: 0 }
gossip:
  boards: [${boards.join(', ')}]
  secrets: ["a secret for tests only"]
  postEvery: 500ms
  readEvery: 500ms
health: { observers: [eu] }
zones: [{ name: example.test, services: [{ name: www, regions: [eu] }] }]
`;
  const config = building.use(createConfigFolder(main, { eu: region }));
  for (const [name, text] of Object.entries(files)) config.write(name, text);
  const director = building.use(await startDirectorProcess(config.main));
  const owned = building.move();
  return { director, config, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Every log line of an event so far. */
export function linesOf(director: DirectorProcess, event: string) {
  return director.logs().filter((entry) => entry['event'] === event);
}

export interface Break {
  readonly breakIt: () => unknown;
  readonly mendIt: () => unknown;
  /** What the log must say was wrong; anything when left out. */
  readonly reason?: RegExp;
  /** Called while it is broken. */
  readonly meanwhile?: () => Promise<void>;
}

/** Breaks the board, asks for as long as it takes to notice and a while more, mends it. */
export async function rideOut(
  director: DirectorProcess,
  { breakIt, mendIt, reason = /./, meanwhile }: Break,
  t: TestContext,
): Promise<void> {
  const count = (event: string): number => linesOf(director, event).length;
  const [lost, found] = [count('board.lost'), count('board.found')];
  let asked = 0;
  let slowest = 0;
  const ask = async (): Promise<void> => {
    const start = performance.now();
    const name = 'www.example.test';
    const reply = await askUdp(director.dnsPort, { name, id: asked++ & 0xffff });
    slowest = Math.max(slowest, performance.now() - start);
    assert.equal(reply.answers[0]?.data, '192.0.2.10');
  };
  const broke = performance.now();
  await breakIt();
  const toNotice = await eventually('the board is reported lost', async () => {
    await ask();
    return count('board.lost') > lost;
  });
  for (let i = 0; i < 200; i++) await ask();
  await meanwhile?.();
  assert.equal(count('board.lost'), lost + 1, 'told once, not once per query or call');
  assert.match(String(linesOf(director, 'board.lost').at(-1)?.['reason']), reason);
  await mendIt();
  const mended = performance.now();
  await eventually('the board is found again', async () => {
    await ask();
    return count('board.found') > found;
  });
  assert.equal(count('board.found'), found + 1);
  const now = performance.now();
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
  t.diagnostic(
    `lost ${seconds(toNotice)} and found ${seconds(now - broke)} after it broke, ` +
      `${seconds(now - mended)} after the cure; ` +
      `${asked} queries answered meanwhile, none lost, the slowest in ${slowest.toFixed(1)} ms`,
  );
}
