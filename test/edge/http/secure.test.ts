// The HTTP API over TLS, over real sockets: whom it hears, as whom, and what becomes of a new certificate.

import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { Agent } from 'node:https';
import { connect } from 'node:tls';
import { test } from 'node:test';
import type { Token } from '../../../src/model/token.ts';
import { type Certificate, createAuthority } from '../../support/certificate.ts';
import { ask, openSecureStage } from '../../support/secure-stage.ts';

const drain = { region: 'eu-west', kind: 'drain', actor: 'ada', reason: 'try' };
const write = { method: 'POST', body: drain } as const;
const alice = 'spiffe://example.test/alice';

const byUri = (scope: Token['scope'], name?: string): Token => ({
  certificate: { kind: 'uri', value: alice },
  scope,
  name,
});

const digestOf = ({ cert }: Certificate): string =>
  new X509Certificate(cert).fingerprint256.replaceAll(':', '').toLowerCase();

test('a certificate stands for a token, by name or digest, with its scope and what the audit log calls it', async (t) => {
  let pinned: Certificate = { cert: '', key: '' };
  const stage = await openSecureStage(t, async (ours) => {
    pinned = await ours.issue(['DNS:pinned.test']);
    return [
      byUri('operate', 'alice'),
      { certificate: { kind: 'dns', value: 'reader.test' }, scope: 'read' },
      { certificate: { kind: 'sha256', value: digestOf(pinned) }, scope: 'operate' },
    ];
  });
  const { ours, http } = stage;
  const reader = await ours.issue(['DNS:Reader.test', 'DNS:other.test']);
  assert.equal(
    (await ask(stage, { ...write, as: await ours.issue([`URI:${alice}`]) })).status,
    201,
  );
  assert.equal((await ask(stage, { ...write, as: pinned })).status, 201);
  const doors = ['certificate alice', `certificate ${digestOf(pinned).slice(0, 8)}`];
  assert.deepEqual(http.api.asked.doors, doors);
  const { status, json } = await ask(stage, { ...write, as: reader });
  assert.equal(status, 403);
  assert.equal(json['detail'], 'this client certificate may read, not operate');
  assert.equal((await ask(stage, { path: '/v1/timeline', as: reader })).status, 200);
});

test('without a certificate a write is 401 and says what is wanted; open reads are answered', async (t) => {
  const stage = await openSecureStage(t, () => [byUri('operate')]);
  const refused = await ask(stage, write);
  assert.equal(refused.status, 401);
  assert.equal(refused.headers['www-authenticate'], 'Bearer realm="meridian"');
  const wish = 'want a bearer token, or a client certificate, that may operate';
  assert.equal(refused.json['detail'], wish);
  assert.equal((await ask(stage)).status, 200);
  assert.deepEqual(stage.http.api.asked.add, []);
});

test('a certificate that no token names gains nothing', async (t) => {
  const stage = await openSecureStage(t, () => [byUri('operate')]);
  const { ours } = stage;
  // A name within another's text is another name.
  for (const names of [
    ['DNS:nobody.test'],
    [`URI:${alice}2`],
    [`DNS:a.test`, `URI:https://h.test/?${alice}`],
  ]) {
    const { status, json } = await ask(stage, { ...write, as: await ours.issue(names) });
    assert.equal(status, 401, String(names));
    assert.equal(json['detail'], 'no token stands for this client certificate');
  }
});

test('a certificate of another CA, or one that has ended, is refused whatever it asks', async (t) => {
  const stage = await openSecureStage(t, () => [byUri('operate')]);
  const others = await createAuthority(t, 'ours.test');
  const cases: [Certificate, RegExp][] = [
    [await others.issue([`URI:${alice}`]), /cannot be trusted: nobody in http.tls.clientCa has/],
    [await stage.ours.issue([`URI:${alice}`], -1), /cannot be trusted: it has ended$/],
  ];
  for (const [as, words] of cases) {
    for (const asked of [write, {}, { path: '/livez' }, { path: '/nowhere' }]) {
      const { status, json, headers } = await ask(stage, { ...asked, as });
      assert.equal(status, 401);
      assert.match(String(json['detail']), words);
      assert.equal(headers['connection'], 'close');
    }
  }
  assert.deepEqual(stage.http.api.asked.add, []);
});

test('where one is required, nobody comes in without', async (t) => {
  const stage = await openSecureStage(t, () => [byUri('operate')], {
    clientCertificate: 'required',
  });
  await assert.rejects(ask(stage), /certificate required|ECONNRESET|socket hang up/);
  const others = await createAuthority(t, 'others.test');
  await assert.rejects(ask(stage, { as: await others.issue([`URI:${alice}`]) }));
  const as = await stage.ours.issue([`URI:${alice}`]);
  assert.equal((await ask(stage, { ...write, as })).status, 201);
  assert.equal(stage.http.seen.length, 1);
});

test('a bearer token is the nearer word, and works over TLS as without', async (t) => {
  const sha256 = '2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b';
  const stage = await openSecureStage(t, () => [{ sha256, scope: 'operate' }, byUri('operate')]);
  const as = await stage.ours.issue([`URI:${alice}`]);
  const bearing = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
  assert.equal((await ask(stage, { ...write, ...bearing('secret') })).status, 201);
  assert.equal((await ask(stage, { ...write, ...bearing('wrong'), as })).status, 401);
});

test('a page of another site cannot use the certificate of whoever looks at it', async (t) => {
  const stage = await openSecureStage(t, () => [byUri('operate')]);
  const as = await stage.ours.issue([`URI:${alice}`]);
  const from = (origin: string) => ask(stage, { ...write, as, headers: { origin } });
  assert.equal((await from('https://evil.test')).status, 401);
  assert.equal((await from(`https://127.0.0.1:${stage.port}`)).status, 201);
});

test('request ids, and limits by token, hold over TLS: each certificate has its own', async (t) => {
  const bob = 'spiffe://example.test/bob';
  const tokens: Token[] = [
    byUri('operate'),
    { certificate: { kind: 'uri', value: bob }, scope: 'operate' },
  ];
  const stage = await openSecureStage(t, () => tokens, { http: { writesPerSecond: 2 } });
  const [one, two] = [
    await stage.ours.issue([`URI:${alice}`]),
    await stage.ours.issue([`URI:${bob}`]),
  ];
  const headers = { 'x-request-id': 'deploy-7' };
  const answers = [];
  for (let i = 0; i < 3; i++) answers.push(await ask(stage, { ...write, as: one, headers }));
  assert.deepEqual(
    answers.map(({ status }) => status),
    [201, 201, 429],
  );
  assert.ok(answers.every((answer) => answer.headers['x-request-id'] === 'deploy-7'));
  assert.equal(answers[2]?.json['request'], 'deploy-7');
  assert.ok(answers[2]?.headers['retry-after']);
  assert.equal((await ask(stage, { ...write, as: two })).status, 201);
});

test('an idempotency key is that of one certificate', async (t) => {
  const stage = await openSecureStage(t, () => [
    byUri('operate'),
    { certificate: { kind: 'dns', value: 'bob.test' }, scope: 'operate' },
  ]);
  const headers = { 'idempotency-key': 'once' };
  const [one, two] = [
    await stage.ours.issue([`URI:${alice}`]),
    await stage.ours.issue(['DNS:bob.test']),
  ];
  for (const as of [one, one, two]) {
    assert.equal((await ask(stage, { ...write, as, headers })).status, 201);
  }
  assert.equal(stage.http.api.asked.add.length, 2);
});

test('a session that is taken up again without a certificate stays without', async (t) => {
  const stage = await openSecureStage(t, () => [byUri('operate')]);
  const agent = new Agent({ maxCachedSessions: 10 });
  t.after(() => agent.destroy());
  for (let i = 0; i < 3; i++) {
    assert.equal((await ask(stage, { ...write, agent })).status, 401);
  }
});

test('a new certificate is shown to the next connection, and a new CA ends what the old one let in', async (t) => {
  const stage = await openSecureStage(t, () => [byUri('operate')]);
  const { ours } = stage;
  const as = await ours.issue([`URI:${alice}`]);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  assert.equal((await ask(stage, { ...write, as, agent })).status, 201);
  const renewed = await ours.issue(['IP:127.0.0.1', 'DNS:localhost']);
  stage.renew(renewed);
  const socket = connect({ port: stage.port, host: '127.0.0.1', ca: ours.cert });
  await once(socket, 'secureConnect');
  assert.equal(
    socket.getPeerX509Certificate()?.fingerprint256,
    new X509Certificate(renewed.cert).fingerprint256,
  );
  socket.destroy();
  assert.equal((await ask(stage, { ...write, as, agent })).status, 201);
  const others = await createAuthority(t, 'others.test');
  stage.renew({ ca: others.cert });
  const { status, json } = await ask(stage, { ...write, as });
  assert.equal(status, 401);
  assert.match(String(json['detail']), /cannot be trusted/);
  const kept = await ask(stage, { ...write, as, agent }).then(
    (answer) => answer.status,
    () => 'closed',
  );
  assert.notEqual(kept, 201);
});

test('who speaks no TLS, or never ends the handshake, holds nothing', async (t) => {
  const stage = await openSecureStage(t, () => []);
  const answer = await fetch(`http://127.0.0.1:${stage.port}/livez`).then(String, () => 'closed');
  assert.equal(answer, 'closed');
  assert.equal((await ask(stage, { path: '/livez' })).status, 200);
});
