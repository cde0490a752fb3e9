import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tlsWords } from '../../src/edge/tls-words.ts';

test('what is wrong with a certificate is told without advice on Node', () => {
  const error = Object.assign(new Error('self-signed certificate; try running Node.js with'), {
    code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
  });
  assert.equal(tlsWords(error), 'its certificate is signed by nobody who is trusted here');
});

test('names in a certificate cannot draw on a terminal', () => {
  const reason = `IP: 192.0.2.1 is not in the cert's list: \u001b[2J${'x'.repeat(500)}`;
  const words = tlsWords({ code: 'ERR_TLS_CERT_ALTNAME_INVALID', reason });
  assert.match(words ?? '', /^its certificate is for other names: IP: 192.0.2.1 is not in/);
  assert.doesNotMatch(words ?? '', /\p{Cc}/u);
  assert.ok((words ?? '').length < 250);
});

test('what is none of TLS is left to others', () => {
  assert.equal(tlsWords(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })), undefined);
  assert.equal(tlsWords(new Error('anything')), undefined);
});
