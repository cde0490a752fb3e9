import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepBoardState } from '../../src/edge/board-state.ts';
import { createRecordLog } from '../support/record-log.ts';

test('a board is lost with its first trouble and found when the last has gone, told once each', () => {
  const log = createRecordLog();
  const states: boolean[] = [];
  const tell = keepBoardState('b:1', log, (isUp) => states.push(isUp));
  tell('read', undefined);
  tell('read', undefined);
  tell('read', 'no answer in time');
  tell('read', 'no answer in time');
  tell('post', 'refused');
  tell('read', undefined);
  assert.deepEqual(states, [true, false]);
  tell('post', undefined);
  assert.deepEqual(states, [true, false, true]);
  assert.deepEqual(log.lines, ['info board.found', 'warn board.lost', 'info board.found']);
  assert.deepEqual(log.fields[1], { board: 'b:1', reason: 'no answer in time' });
});

test('a new connection forgets what went wrong on the one before it', () => {
  const log = createRecordLog();
  const tell = keepBoardState('b:1', log, undefined);
  tell('post', 'refused');
  tell('connection', 'connection reset');
  tell('connection', undefined);
  assert.deepEqual(log.lines, ['warn board.lost', 'info board.found']);
});
