// Certificates in the main file: of the API, of peers, and those that stand for tokens.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultsOf, mainText, settingsOf } from '../support/config.ts';

const withHttp = (http: string, more = ''): { main: string } => ({
  main: `${mainText}http: ${http}\n${more}`,
});

const tls = 'tls: { certificate: a.pem, key: a.key }\n';
const asking = 'tls: { clientCa: ca.pem }';
const digest = 'AB'.repeat(32);

test('a block without files has those of tls, and speaks HTTPS', () => {
  assert.deepEqual(settingsOf(withHttp('{ tls: {} }', tls)).http.tls, {
    certificate: 'a.pem',
    key: 'a.key',
    clientCa: undefined,
    clientCertificate: 'optional',
  });
  const own =
    '{ tls: { certificate: b.pem, key: b.key, clientCa: c.pem, clientCertificate: required } }';
  assert.deepEqual(settingsOf(withHttp(own, tls)).http.tls, {
    certificate: 'b.pem',
    key: 'b.key',
    clientCa: 'c.pem',
    clientCertificate: 'required',
  });
  assert.equal(settingsOf(withHttp('{}', tls)).http.tls, undefined);
});

test('a token is a bearer token, or what a certificate stands for', () => {
  const tokens = [
    `{ certificate: { sha256: "${digest.replaceAll(/(..)(?=.)/g, '$1:')}" }, scope: read }`,
    '{ certificate: { uri: "spiffe://Example.test/a" }, scope: operate, name: alice }',
    '{ certificate: { dns: Ops.Example.test }, scope: operate }',
  ];
  const { http } = settingsOf(withHttp(`{ ${asking}, tokens: [${tokens.join(', ')}] }`, tls));
  assert.deepEqual(http.tokens, [
    {
      certificate: { kind: 'sha256', value: digest.toLowerCase() },
      scope: 'read',
      name: undefined,
    },
    {
      certificate: { kind: 'uri', value: 'spiffe://Example.test/a' },
      scope: 'operate',
      name: 'alice',
    },
    { certificate: { kind: 'dns', value: 'ops.example.test' }, scope: 'operate', name: undefined },
  ]);
});

const faulty: [what: string, http: string, fault: RegExp, more?: string][] = [
  [
    'no certificate anywhere',
    '{ tls: {} }',
    /\/http\/tls: needs certificate and key, here or in tls/,
  ],
  ['half a pair', '{ tls: { key: a.key } }', /\/http\/tls: want certificate and key together/],
  [
    'a wish about certificates that nobody is asked for',
    '{ tls: { clientCertificate: required } }',
    /\/http\/tls\/clientCertificate: needs http.tls.clientCa/,
    tls,
  ],
  [
    'a certificate that nobody is asked for',
    '{ tokens: [{ certificate: { uri: "a:b" }, scope: read }] }',
    /\/http\/tokens\/0\/certificate: needs http.tls.clientCa/,
  ],
  [
    'both kinds in one',
    `{ ${asking}, tokens: [{ sha256: ${'a'.repeat(64)}, certificate: { uri: "a:b" }, scope: read }] }`,
    /\/http\/tokens\/0: want exactly one of sha256, certificate/,
    tls,
  ],
  [
    'neither kind',
    '{ tokens: [{ scope: read }] }',
    /\/http\/tokens\/0: want exactly one of sha256, certificate/,
  ],
  [
    'two marks in one',
    `{ ${asking}, tokens: [{ certificate: { uri: "a:b", dns: a.test }, scope: read }] }`,
    /\/certificate: want exactly one of sha256, uri, dns/,
    tls,
  ],
  [
    'no mark at all',
    `{ ${asking}, tokens: [{ certificate: {}, scope: read }] }`,
    /\/certificate: want exactly one of sha256, uri, dns/,
    tls,
  ],
  [
    'a URI that could hide another name',
    `{ ${asking}, tokens: [{ certificate: { uri: "a:b, URI:c:d" }, scope: read }] }`,
    /want a URI/,
    tls,
  ],
];
for (const [what, http, fault, more] of faulty) {
  test(`${what} is one fault`, () => {
    const faults = faultsOf(withHttp(http, more));
    assert.equal(faults.length, 1, String(faults));
    assert.match(faults[0] ?? '', fault);
  });
}

test('peers over HTTPS have certificates of their own', () => {
  const gossip = (block: string) =>
    ({ main: `${mainText}gossip: { peerTls: ${block} }\n` }) as const;
  assert.deepEqual(settingsOf(gossip('{ ca: ca.pem }')).gossip.peerTls, {
    ca: 'ca.pem',
    certificate: undefined,
    key: undefined,
  });
  const [fault, ...more] = faultsOf(gossip('{ certificate: a.pem }'));
  assert.match(fault ?? '', /\/gossip\/peerTls: want certificate and key together, or neither/);
  assert.deepEqual(more, []);
});
