// Following events over connections that break.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { type Followed, followEvents } from '../../src/cli/event-source.ts';

test('it comes back with the id of the last event, and takes garbage for a lost connection', async (t) => {
  const asked: (string | undefined)[] = [];
  const answers = [
    'retry: 2000\n\n: hello\n\nid: a-1\nevent: trip\ndata: {"type":"trip","region":"eu"}\n\n',
    'id: a-2\ndata: {"type":"epo\n\n',
    'id: a-3\nda',
  ];
  const server = createServer((request, response) => {
    asked.push(request.headers['last-event-id'] as string | undefined);
    const body = answers.shift();
    if (body === undefined) response.writeHead(404, { 'content-type': 'application/json' });
    response.end(body ?? '{"code":"request.not-found","detail":"gone"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const seen: Followed[] = [];
  const options = { url: `http://127.0.0.1:${port}` };
  const follow = async (): Promise<void> => {
    const io = { env: {}, signal: new AbortController().signal };
    for await (const event of followEvents(options, io)) seen.push(event);
  };
  await assert.rejects(follow(), /gone \(request\.not-found\)/);
  assert.deepEqual(
    seen.map(({ type }) => type),
    ['trip', 'lost', 'lost', 'lost'],
  );
  assert.deepEqual(asked, [undefined, 'a-1', 'a-1', 'a-1']);
});
