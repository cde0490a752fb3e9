// PEM files: read whole, and everything that is wrong with them told in words, with no secret in them.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { faultInTime, type PemFiles, readPem } from '../../src/edge/pem.ts';
import { FaultError } from '../../src/model/fault.ts';
import { createAuthority, selfSigned } from '../support/certificate.ts';
import { makeFolder } from '../support/folder.ts';

async function filesOf(t: TestContext, texts: Readonly<Record<string, string>>) {
  const folder = await makeFolder(t);
  for (const [name, text] of Object.entries(texts)) await writeFile(join(folder, name), text);
  return (name: string): string => join(folder, name);
}

async function wordsFor(files: PemFiles): Promise<string> {
  const error: unknown = await readPem(files).catch((caught: unknown) => caught);
  assert.ok(error instanceof FaultError);
  assert.equal(error.fault.code, 'tls.unusable');
  assert.doesNotMatch(error.fault.message, /PRIVATE KEY|\n/);
  return error.fault.message;
}

test('certificate, key and trust are given as they are; what is not named is left out', async (t) => {
  const ours = await createAuthority(t, 'ours.test');
  const { cert, key } = await ours.issue(['DNS:a.test']);
  const at = await filesOf(t, { cert, key, ca: ours.cert + cert });
  const [certificate, secret, ca] = [at('cert'), at('key'), at('ca')];
  assert.deepEqual(await readPem({ certificate, key: secret, ca }), {
    cert,
    key,
    ca: ours.cert + cert,
  });
  assert.deepEqual(await readPem({ ca }), { ca: ours.cert + cert });
  assert.deepEqual(await readPem({}), {});
});

test('what cannot be used is told with the file that it lies in', async (t) => {
  const [one, two] = [await selfSigned('one.test'), await selfSigned('two.test')];
  const garbage = '-----BEGIN CERTIFICATE-----\nbm90aGluZw==\n-----END CERTIFICATE-----\n';
  const at = await filesOf(t, {
    ...one,
    other: two.key,
    garbage,
    mixed: one.cert + garbage,
    text: 'no',
  });
  const [certificate, key] = [at('cert'), at('key')];
  assert.match(await wordsFor({ certificate: at('none'), key }), /^cannot read .*none: ENOENT/);
  const folder = { certificate: join(key, '..'), key };
  assert.match(await wordsFor(folder), /^cannot read .*: it is not a file$/);
  assert.match(
    await wordsFor({ certificate: at('text'), key }),
    /text holds no certificate in PEM$/,
  );
  assert.match(await wordsFor({ certificate: key, key }), /key holds no certificate in PEM$/);
  const other = await wordsFor({ certificate, key: at('other') });
  assert.match(other, /^cannot use .*cert with .*other: it is the key of another certificate$/);
  const none = await wordsFor({ certificate, key: at('text') });
  assert.match(none, /^cannot use .*cert with .*text: there is no private key in PEM/);
  assert.match(await wordsFor({ certificate: at('garbage'), key }), /^cannot use .*garbage with /);
  assert.match(await wordsFor({ ca: at('text') }), /text holds no certificate in PEM$/);
  for (const [ca, block] of [
    ['garbage', 1],
    ['mixed', 2],
  ] as const) {
    const words = new RegExp(
      `${ca} holds something else than certificates, in its block ${block}$`,
    );
    assert.match(await wordsFor({ ca: at(ca) }), words);
  }
});

test('a certificate that has ended is told by its moment', async (t) => {
  const past = await selfSigned('past.test', -1);
  const at = await filesOf(t, { ...past });
  const files = { certificate: at('cert'), key: at('key') };
  const pem = await readPem(files);
  const fault = faultInTime(files, pem, Date.now());
  assert.match(fault?.message ?? '', /cert has ended: it was valid to \d{4}-\d\d-\d\dT/);
  assert.equal(faultInTime(files, pem, Date.now() - 3 * 86_400_000), undefined);
  assert.equal(faultInTime({}, {}, Date.now()), undefined);
});
