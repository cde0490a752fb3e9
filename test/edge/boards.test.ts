import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBoards } from '../../src/edge/boards.ts';
import { createSeal } from '../../src/edge/seal.ts';
import { boardAt } from '../support/board-settings.ts';
import { settingsOf } from '../support/config.ts';
import { realClock } from '../support/real-clock.ts';
import { createRecordLog } from '../support/record-log.ts';

/** Names and kinds of the boards, and the name of the one that peers are served. */
async function opened(boards: readonly string[], peers: readonly string[]) {
  const parts = { seal: createSeal([]), clock: realClock, log: createRecordLog() };
  const gossip = { ...settingsOf().gossip, boards: boards.map(boardAt), peers };
  const open = await openBoards(gossip, parts);
  for (const board of open.boards) await board[Symbol.asyncDispose]();
  const list = open.boards.map(({ name, kind }) => `${kind}: ${name}`);
  assert.ok(open.served === undefined || open.boards.includes(open.served));
  return { list, served: open.served?.name };
}

const redis = 'redis://127.0.0.1:1';
const peers = ['http://127.0.0.1:2', 'http://h.example', 'https://h.example'];

test('without boards and peers there is one inside this process, which nobody is served', async () => {
  assert.deepEqual(await opened([], []), { list: ['own: local'], served: undefined });
});

test('with boards alone there is none inside this process', async () => {
  assert.deepEqual(await opened([redis], []), {
    list: ['store: 127.0.0.1:1'],
    served: undefined,
  });
});

test('with peers there is one for each, and the one that they are served', async () => {
  const list = ['peer: peer 127.0.0.1:2', 'peer: peer h.example:80', 'peer: peer h.example:443'];
  assert.deepEqual(await opened([redis], peers), {
    list: ['store: 127.0.0.1:1', ...list, 'own: local'],
    served: 'local',
  });
  assert.deepEqual(await opened([], peers), { list: [...list, 'own: local'], served: 'local' });
});
