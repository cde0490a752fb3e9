// `meridian check` and certificates: each that a start could not use is one fault.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from '../../src/cli/check.ts';
import { createAuthority, selfSigned } from '../support/certificate.ts';
import { createConfigFolder } from '../support/director-process.ts';
import { mainText, regionText } from '../support/config.ts';
import { runIn } from '../support/terminal.ts';

test('files that fit are fine, and each kind of file that does not is told once', async (t) => {
  const ours = await createAuthority(t, 'ours.test');
  const good = await ours.issue(['DNS:a.test']);
  const past = await selfSigned('past.test', -1);
  const block = `tls: { certificate: cert.pem, key: cert.key }
http: { tls: { clientCa: ca.pem } }
gossip: { peerTls: { ca: ca.pem } }
`;
  using config = createConfigFolder(mainText + block, { eu: regionText });
  const files = { 'cert.pem': good.cert, 'cert.key': good.key, 'ca.pem': ours.cert };
  const cases: [changed: Record<string, string>, words: RegExp | undefined, faults: number][] = [
    [{}, undefined, 0],
    [{ 'cert.key': past.key }, /it is the key of another certificate \(tls.unusable\)/, 1],
    [{ 'cert.pem': past.cert, 'cert.key': past.key }, /cert.pem has ended: it was valid to/, 1],
    [{ 'cert.pem': 'garbage' }, /cert.pem holds no certificate in PEM/, 1],
    [{ 'ca.pem': 'garbage' }, /ca.pem holds no certificate in PEM/, 1],
  ];
  for (const [changed, words, faults] of cases) {
    for (const [name, text] of Object.entries({ ...files, ...changed })) config.write(name, text);
    const run = await runIn(check, ['--config', config.main]);
    assert.equal(run.code, faults === 0 ? 0 : 1, run.err);
    if (words === undefined) continue;
    assert.match(run.err, words);
    assert.equal(run.err.split('\n').length, faults + 1, run.err);
  }
});
