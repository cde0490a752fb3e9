import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wordsFor } from '../../src/edge/redis-words.ts';

const reply = (message: string): string => wordsFor(new Error(message), 'hush-hush');

test('a reply that is known is explained, and quoted', () => {
  assert.equal(
    reply("OOM command not allowed when used memory > 'maxmemory'."),
    "its memory is full (OOM command not allowed when used memory > 'maxmemory'.)",
  );
  assert.match(
    reply('WRONGPASS invalid username-password pair'),
    /^it takes this user .*WRONGPASS/,
  );
  assert.match(reply("NOPERM this user has no permissions to run the 'set' command"), /^its ACL/);
});

test('any other reply stands as it is', () => {
  assert.equal(reply('ERR no such thing'), 'ERR no such thing');
  assert.equal(reply('NOSUCHWORD at all'), 'NOSUCHWORD at all');
  assert.equal(reply('constructor'), 'constructor');
});

test('what the system says is put in words by its code', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  assert.equal(wordsFor(refused, undefined), 'connection refused');
  assert.equal(wordsFor(new Error('Command timed out'), undefined), 'no answer in time');
  assert.equal(wordsFor('odd', undefined), 'odd');
});

test('what OpenSSL says is put in words too', () => {
  const line = '40CD5F27907F0000:error:0A000410:SSL routines:ssl3_read_bytes:the words:file.c:918:';
  const error = (code: string): Error => Object.assign(new Error(line), { code });
  assert.equal(wordsFor(error('ERR_SSL_ANY'), undefined), 'TLS: the words');
  const wanted = 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED';
  assert.equal(wordsFor(error(wanted), undefined), 'it wants a certificate of ours');
  const pem = Object.assign(new Error('no start line'), { code: 'ERR_OSSL_PEM_NO_START_LINE' });
  assert.equal(wordsFor(pem, undefined), 'its tls settings cannot be used: no start line');
});

test('no password, control character or endless text comes through', () => {
  assert.equal(reply('ERR unknown AUTH hush-hush'), 'ERR unknown AUTH ***');
  assert.equal(reply('ERR \u0007two\r\nlines'), 'ERR  two lines');
  assert.equal(reply('x'.repeat(1000)).length, 200);
});
