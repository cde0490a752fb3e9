// HTTP requests: what peers post, what operators and applications say, what clients ask.

import assert from 'node:assert/strict';
import type { App } from '../../src/edge/http/app.ts';
import { buildHttp } from '../../src/edge/http/server.ts';
import { createLocalBoard } from '../../src/edge/local-board.ts';
import { textOfPost } from '../../src/edge/peer-board.ts';
import { createSeal } from '../../src/edge/seal.ts';
import type { Random } from '../../src/ports.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { setStage } from '../support/http-stage.ts';
import { jsonWords } from './gossip-texts.ts';
import { below } from './mutate.ts';
import type { Target } from './targets.ts';

const seal = createSeal(['a secret of the fleet']);

/** Bodies by the address that they are posted to. */
const bodies: Readonly<Record<string, object>> = {
  '/v1/votes': sealed(),
  '/v1/overrides': { region: 'eu', kind: 'drain', actor: 'ops', reason: 'a drill', for: '10m' },
  '/v1/load/eu': { load: 0.5, connections: 3, requests: 12.5, for: '10s' },
  '/v1/reports/eu/shop': { state: 'up', load: 0.5, connections: 3, reason: '' },
};

const questions = [
  'v1/resolve?name=www.example.test&type=A&client=9.9.9.9&explain=1',
  'v1/health/eu',
  'dns-query?dns=EjQBAAABAAAAAAAAA3d3dwdleGFtcGxlBHRlc3QAAAEAAQ',
  'go/www.example.test/a/b?c=d',
];

function sealed(): object {
  const post = { life: 'now', slot: 'vote.a', value: 'x', lifetimeMs: 60_000 };
  return { ...post, mac: seal.sign(textOfPost(post)) };
}

export async function requests(): Promise<{
  readonly targets: readonly Target[];
  close(): Promise<void>;
}> {
  const board = createLocalBoard(createFakeClock());
  const stage = setStage({}, { board, seal, life: 'now' });
  const app = await buildHttp(stage.doors);
  const posts = Object.entries(bodies).map(([url, body]) => postTarget(app, url, body));
  return {
    targets: [...posts, queryTarget(app)],
    close: async () => {
      stage.seen.length = 0;
      await app.close();
    },
  };
}

function postTarget(app: App, url: string, body: object): Target {
  return {
    name: `bodies for ${url}`,
    from: 'strangers',
    corpus: [Buffer.from(JSON.stringify(body))],
    words: jsonWords,
    inputs: 50,
    longest: 70_000,
    async feed(input, random) {
      const headers = { 'content-type': 'application/json' };
      return statusOf(
        await app.inject({
          method: 'POST',
          url,
          headers,
          payload: Buffer.from(input),
          remoteAddress: from(random),
        }),
      );
    },
  };
}

function queryTarget(app: App): Target {
  return {
    name: 'addresses asked by HTTP',
    from: 'strangers',
    corpus: questions.map((url) => Buffer.from(url)),
    words: ['%00', '%ff', '%', '/', '?', '&', '=', '..', '//', '\\', 'é'].map((word) =>
      Buffer.from(word),
    ),
    inputs: 50,
    longest: 8000,
    async feed(input, random) {
      const url = encodeURI(`/${Buffer.from(input).toString('latin1')}`).slice(0, 8000);
      return statusOf(await app.inject({ method: 'GET', url, remoteAddress: from(random) }));
    },
  };
}

/** Everyone may ask so often in a second; these come from everywhere. */
function from(random: Random): string {
  return `127.${below(random, 256)}.${below(random, 256)}.${below(random, 256)}`;
}

/** A mistake of ours would be a 500. */
function statusOf({ statusCode }: { readonly statusCode: number }): string {
  assert.ok(statusCode < 500, `status ${statusCode}`);
  return String(statusCode);
}
