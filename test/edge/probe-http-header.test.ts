// What an HTTP probe wants of an answer's header, against real servers on loopback.

import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { describe, test } from 'node:test';
import { readPattern } from '../../src/config/pattern.ts';
import type { HeaderWish } from '../../src/model/region.ts';
import { run, start, web } from '../support/probed.ts';

function wish(name: string, contains?: string, source?: string): HeaderWish {
  const matches = source === undefined ? undefined : readPattern(source);
  if (typeof matches === 'string') throw new Error(matches);
  return { name, contains, matches };
}

/** Why an answer with this header fails the wishes; empty when it does not. */
async function reasonFor(
  header: Readonly<Record<string, string | string[]>>,
  ...answerHeaders: readonly HeaderWish[]
): Promise<string> {
  await using server = await web((_, response) => response.writeHead(200, header).end('ok'));
  const url = `http://127.0.0.1:${server.port}/`;
  const plain = await run(url, { answerHeaders });
  const head = await run(url, { answerHeaders, method: 'HEAD' });
  assert.equal(head.reason, plain.reason, 'an answer to HEAD has the same header');
  return plain.reason;
}

describe('a header', () => {
  test('must be there, however its name is written', async () => {
    assert.equal(await reasonFor({ 'X-READY': '' }, wish('x-ready')), '');
    assert.equal(await reasonFor({ other: '1' }, wish('x-ready')), 'no header x-ready');
  });

  test('must contain the text, in the case in which it is written', async () => {
    const header = { 'Content-Type': 'application/json; charset=utf-8' };
    assert.equal(await reasonFor(header, wish('content-type', 'json')), '');
    const other = 'header content-type does not contain "JSON"';
    assert.equal(await reasonFor(header, wish('content-type', 'JSON')), other);
  });

  test('must match the pattern', async () => {
    const header = { 'x-role': 'standby' };
    assert.equal(await reasonFor(header, wish('x-role', undefined, '^(primary|standby)$')), '');
    const other = 'header x-role does not match ^primary$';
    assert.equal(await reasonFor(header, wish('x-role', undefined, '^primary$')), other);
  });

  test('that comes several times needs one value that is right in all', async () => {
    const header = { 'x-part': ['one of two', 'two'] };
    assert.equal(await reasonFor(header, wish('x-part', undefined, '^two$')), '');
    assert.equal(await reasonFor(header, wish('x-part', 'one', '^one')), '');
    const split = 'header x-part does not match ^two$';
    assert.equal(await reasonFor(header, wish('x-part', 'one', '^two$')), split);
    const cookies = { 'set-cookie': ['a=secret', 'b=2'] };
    const reason = await reasonFor(cookies, wish('set-cookie', 'c='));
    assert.equal(reason, 'header set-cookie does not contain "c="');
  });

  test('is wanted with all others', async () => {
    const wishes = [wish('a'), wish('b', '1'), wish('c')];
    assert.equal(await reasonFor({ a: '1', b: '1', c: '1' }, ...wishes), '');
    assert.equal(await reasonFor({ a: '1', b: '2' }, ...wishes), 'header b does not contain "1"');
  });

  test('of any name is no more than a header', async () => {
    for (const name of ['constructor', '__proto__', 'hasownproperty']) {
      assert.equal(await reasonFor({}, wish(name)), `no header ${name}`);
    }
  });
});

test('a status that is not wanted is told before any header', async () => {
  await using server = await web((_, response) => response.writeHead(503).end());
  const url = `http://127.0.0.1:${server.port}/`;
  const { reason } = await run(url, { answerHeaders: [wish('a')] });
  assert.equal(reason, 'status 503, want 200');
});

test('a header beyond 16 KiB fails the probe, whatever it holds', async () => {
  await using server = await start(
    createServer((socket) => {
      const filling = Array.from({ length: 40 }, (_, i) => `x-${i}: ${'a'.repeat(500)}\r\n`);
      socket.end(`HTTP/1.1 200 OK\r\nx-ready: yes\r\n${filling.join('')}content-length: 0\r\n\r\n`);
    }),
  );
  const url = `http://127.0.0.1:${server.port}/`;
  const { isHealthy, reason } = await run(url, { answerHeaders: [wish('x-ready')] });
  assert.equal(isHealthy, false);
  assert.equal(reason, 'response header too large');
});
