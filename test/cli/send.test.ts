// Commands over HTTPS: whom they trust, what they show, and the words when either does not fit.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { drain } from '../../src/cli/drain.ts';
import { override } from '../../src/cli/override.ts';
import { followEvents } from '../../src/cli/event-source.ts';
import { createAuthority, type Certificate } from '../support/certificate.ts';
import { makeFolder } from '../support/folder.ts';
import { openSecureStage, type SecureStage } from '../support/secure-stage.ts';
import { runIn } from '../support/terminal.ts';

const alice = 'spiffe://example.test/alice';
const words = ['eu-west', '--reason', 'disk', '--actor', 'alice'];

interface Stage extends SecureStage {
  /** Keeps a text in a file; gives its path. */
  file(name: string, text: string): Promise<string>;
  readonly url: string;
}

async function stageWith(t: TestContext, isRequired = false): Promise<Stage> {
  const stage = await openSecureStage(
    t,
    () => [{ certificate: { kind: 'uri', value: alice }, scope: 'operate', name: 'alice' }],
    { clientCertificate: isRequired ? 'required' : 'optional' },
  );
  const folder = await makeFolder(t);
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  return { ...stage, file, url: `https://127.0.0.1:${stage.port}` };
}

async function envOf(stage: Stage, as?: Certificate): Promise<Record<string, string>> {
  return {
    MERIDIAN_URL: stage.url,
    MERIDIAN_CA: await stage.file('ca', stage.ours.cert),
    ...(as && {
      MERIDIAN_CERT: await stage.file('cert', as.cert),
      MERIDIAN_KEY: await stage.file('key', as.key),
    }),
  };
}

test('a command shows its certificate, by options as by variables, and is who that stands for', async (t) => {
  const stage = await stageWith(t);
  const env = await envOf(stage, await stage.ours.issue([`URI:${alice}`]));
  const run = await runIn(drain, words, env);
  assert.equal(run.code, 0, run.err);
  const { MERIDIAN_URL: url = '', MERIDIAN_CA: ca = '' } = env;
  const { MERIDIAN_CERT: cert = '', MERIDIAN_KEY: key = '' } = env;
  const options = ['--url', url, '--ca', ca, '--cert', cert, '--key', key];
  assert.equal((await runIn(drain, [...words, ...options])).code, 0);
  assert.deepEqual(stage.http.api.asked.doors, ['certificate alice', 'certificate alice']);
});

test('without one it looks, and is told what is wanted when it would change something', async (t) => {
  const stage = await stageWith(t);
  const env = await envOf(stage);
  assert.equal((await runIn(override, ['list'], env)).code, 0);
  const refused = await runIn(drain, words, env);
  assert.equal(refused.code, 1);
  const wish = /want a bearer token, or a client certificate, that may operate/;
  assert.match(refused.err, wish);
});

test('a certificate of another CA is refused, with the reason', async (t) => {
  const stage = await stageWith(t);
  const others = await createAuthority(t, 'others.test');
  const env = await envOf(stage, await others.issue([`URI:${alice}`]));
  const { code, err } = await runIn(drain, words, env);
  assert.equal(code, 1);
  assert.match(err, /this client certificate cannot be trusted: nobody in http.tls.clientCa/);
});

test('where one is required, the words say so', async (t) => {
  const stage = await stageWith(t, true);
  const { code, err } = await runIn(override, ['list'], await envOf(stage));
  assert.equal(code, 1);
  assert.match(err, /no director answers at .*: (it wants a client certificate|.*ECONNRESET)/);
});

test('a director that nobody trusts is told nothing', async (t) => {
  const stage = await stageWith(t);
  const { code, err } = await runIn(drain, words, { MERIDIAN_URL: stage.url, MERIDIAN_TOKEN: 's' });
  assert.equal(code, 1);
  assert.match(err, /its certificate is signed by nobody who is trusted here/);
  const env = { ...(await envOf(stage)), MERIDIAN_URL: `https://127.0.0.2:${stage.port}` };
  assert.equal((await runIn(drain, words, env)).code, 1);
  assert.equal(stage.http.seen.length, 0);
});

test('options that do not fit are one line', async (t) => {
  const stage = await stageWith(t);
  const env = await envOf(stage);
  const { cert } = await stage.ours.issue(['DNS:a.test']);
  const other = await stage.ours.issue(['DNS:b.test']);
  const [certFile, keyFile] = [await stage.file('c', cert), await stage.file('k', other.key)];
  const cases: [string[], RegExp][] = [
    [['--cert', certFile], /want a client certificate and its key together/],
    [['--cert', certFile, '--key', keyFile], /it is the key of another certificate/],
    [['--ca', keyFile], /holds no certificate in PEM/],
    [['--ca', '/nowhere'], /cannot read \/nowhere/],
  ];
  for (const [more, wanted] of cases) {
    const { code, err } = await runIn(override, ['list', ...more], env);
    assert.equal(code, 1);
    assert.match(err, wanted);
    assert.equal(err.split('\n').length, 1);
  }
});

test('events are followed over HTTPS', async (t) => {
  const stage = await stageWith(t, true);
  const env = await envOf(stage, await stage.ours.issue([`URI:${alice}`]));
  const stop = new AbortController();
  const kinds: string[] = [];
  for await (const event of followEvents({}, { env, signal: stop.signal })) {
    kinds.push(event.type);
    stop.abort();
  }
  assert.deepEqual(kinds, ['start']);
});
