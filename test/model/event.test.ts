import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DirectorEvent, withoutClient } from '../../src/model/event.ts';

test('where a request came from is left out, and nothing else', () => {
  const told = {
    id: 'life-1',
    at: '',
    epoch: 1,
    type: 'safety',
    state: 'refused',
    rules: [],
  } as const;
  const event: DirectorEvent = { ...told, client: '192.0.2.1', request: 'r-1' };
  assert.deepEqual(withoutClient(event), { ...told, request: 'r-1' });
  assert.deepEqual(withoutClient(told), told);
});
