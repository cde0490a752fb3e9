// Directors that are peers over HTTPS alone, with certificates of their own: who is heard, who is not, and renewal.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { connect } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { askUdp } from '../support/ask.ts';
import { type Certificate, createAuthority } from '../support/certificate.ts';
import {
  type ConfigFolder,
  createConfigFolder,
  type DirectorProcess,
  startDirectorProcess,
} from '../support/director-process.ts';
import { eventually } from '../support/eventually.ts';
import { addressOf, regionText } from '../support/fleet-process.ts';
import { freePorts } from '../support/ports.ts';

/** Nobody probes here: what moves is words. */
const textOf = (region: 'eu' | 'us'): string => regionText(region, '').replace('probe: \n', '');
const regions = { eu: textOf('eu'), us: textOf('us') };
const names = ['DNS:localhost', 'IP:127.0.0.1'];
const meridian = fileURLToPath(new URL('../../src/meridian.js', import.meta.url));

interface Post extends AsyncDisposable {
  readonly director: DirectorProcess;
  readonly config: ConfigFolder;
  readonly port: number;
}

/** A director of a region, with what it shows and whose certificates it believes. */
async function startPost(
  region: keyof typeof regions,
  [port = 0, peer = 0]: readonly number[],
  own: Certificate,
  ca: string,
): Promise<Post> {
  await using building = new AsyncDisposableStack();
  const config = building.use(createConfigFolder(mainOf(region, peer), regions));
  writePair(config, own);
  config.write('ca.pem', ca);
  const env = { MERIDIAN_HTTP: `127.0.0.1:${port}` };
  const director = building.use(await startDirectorProcess(config.main, env));
  const owned = building.move();
  return { director, config, port, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

function mainOf(region: string, peer: number): string {
  return `
director: { id: ${region}-1, region: ${region} }
dns: { workers: 0 }
http:
  tls: { certificate: own.pem, key: own.key, clientCa: ca.pem, clientCertificate: required }
  tokens: [{ certificate: { dns: operator.test }, scope: operate, name: alice }]
gossip:
  peers: ["https://127.0.0.1:${peer}"]
  peerTls: { ca: ca.pem, certificate: own.pem, key: own.key }
  secrets: ["a secret for tests only"]
  postEvery: 500ms
  readEvery: 500ms
health: { observers: [eu, us] }
zones: [{ name: example.test, services: [{ name: www, regions: [eu, us], policy: nearest }] }]
`;
}

function writePair(config: ConfigFolder, { cert, key }: Certificate): void {
  config.write('own.pem', cert);
  config.write('own.key', key);
}

/** `meridian` as an operator runs it, with a certificate; rejects where it ends with another code than 0. */
async function command(t: TestContext, { config, port }: Post, as: Certificate, words: string[]) {
  config.write('as.pem', as.cert);
  config.write('as.key', as.key);
  const at = (name: string): string => join(config.folder, name);
  const shown = ['--ca', at('ca.pem'), '--cert', at('as.pem'), '--key', at('as.key')];
  const all = [meridian, ...words, '--url', `https://127.0.0.1:${port}`, ...shown];
  const { stdout } = await promisify(execFile)(process.execPath, all, { signal: t.signal });
  return stdout;
}

async function answerFor(post: Post): Promise<string | undefined> {
  const shape = { name: 'www.example.test', subnet: '141.20.0.0/24' } as const;
  return (await askUdp(post.director.dnsPort, shape)).answers[0]?.data;
}

async function shownBy({ port }: Post, as: Certificate, ca: string): Promise<X509Certificate> {
  const socket = connect({ port, host: '127.0.0.1', ca, ...as });
  await once(socket, 'secureConnect');
  const shown = socket.getPeerX509Certificate();
  socket.destroy();
  return shown ?? assert.fail('no certificate');
}

const drainEu = ['drain', 'eu', '--reason', 'a rehearsal', '--for', '10m'];

test('peers check each other, a word of one is heard by the other, and a stranger by nobody', async (t) => {
  const [ours, theirs] = await Promise.all([
    createAuthority(t, 'ours'),
    createAuthority(t, 'theirs'),
  ]);
  const [a = 0, b = 0] = await freePorts(2);
  const operator = await ours.issue(['DNS:operator.test']);
  await using eu = await startPost('eu', [a, b], await ours.issue(names), ours.cert);
  {
    await using stranger = await startPost('us', [b, a], await theirs.issue(names), theirs.cert);
    await eventually('it says whom it does not believe', () =>
      stranger.director.logs().some(({ reason }) => /certificate/.test(String(reason))),
    );
    // Had anybody heard it, no client would be sent to eu below.
    await command(t, stranger, await theirs.issue(['DNS:operator.test']), drainEu);
  }
  await using us = await startPost('us', [b, a], await ours.issue(names), ours.cert);
  await eventually('both are answered with the nearest', async () => {
    const answers = await Promise.all([eu, us].map(answerFor));
    return answers.every((answer) => answer === addressOf('eu'));
  });
  await assert.rejects(
    command(t, us, await ours.issue(['DNS:somebody.test']), drainEu),
    /no token stands for this client certificate/,
  );
  await command(t, us, operator, drainEu);
  await eventually('a word to one has moved the answers of both', async () => {
    const answers = await Promise.all([eu, us].map(answerFor));
    return answers.every((answer) => answer === addressOf('us'));
  });
  const next = await ours.issue(names);
  writePair(eu.config, next);
  eu.director.signal('SIGHUP');
  await eventually('a new certificate is shown after SIGHUP', async () => {
    const { fingerprint256 } = await shownBy(eu, operator, ours.cert);
    return fingerprint256 === new X509Certificate(next.cert).fingerprint256;
  });
  eu.config.write('own.key', operator.key);
  eu.director.signal('SIGHUP');
  await eventually('a key that does not fit is told of', () =>
    eu.director.logs().some((entry) => entry['event'] === 'tls.unusable'),
  );
  const still = await shownBy(eu, operator, ours.cert);
  assert.equal(still.fingerprint256, new X509Certificate(next.cert).fingerprint256);
});
