// A secondary of another make stands by: a real NSD takes the zone by TSIG and follows each change.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { askTcp, askUdp } from '../support/ask.ts';
import { regionText } from '../support/config.ts';
import { createConfigFolder, startDirectorProcess } from '../support/director-process.ts';
import { eventually } from '../support/eventually.ts';
import { startNsd } from '../support/nsd.ts';
import { freePort } from '../support/ports.ts';
import type { QueryShape } from '../support/query.ts';

const execute = promisify(execFile);

const key = { name: 'standby.example.test', secret: Buffer.alloc(32, 7).toString('base64') };

const configText = (port: number, mail: string): string => `director: { id: a, region: eu }
dns:
  keys:
    - { name: ${key.name}, secret: ${key.secret} }
zones:
  - name: example.test
    secondaries:
      - { address: 127.0.0.1, port: ${port}, key: ${key.name} }
    services:
      - { name: www, regions: [eu, us], https: ['1 . alpn=h2'] }
      - { name: '@', regions: [us] }
    records:
      - { name: mail, type: A, data: ${mail} }
      - { name: '@', type: MX, data: 10 mail }
      - { name: '@', type: TXT, data: '"v=spf1 mx -all"' }
      - { name: '*.dev', type: CNAME, data: mail }
      - { name: lab, type: NS, data: ns.lab }
      - { name: ns.lab, type: A, data: 192.0.2.99 }
`;

const regions = {
  eu: regionText,
  us: regionText.replaceAll('192.0.2.10', '192.0.2.20').replace('198.51.100.53', '198.51.100.54'),
};

/** What both are asked, and have to answer alike. */
const questions: readonly QueryShape[] = [
  { name: 'example.test', type: 'SOA' },
  { name: 'example.test', type: 'NS' },
  { name: 'example.test', type: 'MX' },
  { name: 'example.test', type: 'TXT' },
  { name: 'mail.example.test', type: 'A' },
  { name: 'ns-eu.example.test', type: 'A' },
  { name: 'a.dev.example.test', type: 'A' },
  { name: 'mail.example.test', type: 'AAAA' },
  { name: 'nobody.example.test', type: 'A' },
  { name: 'x.lab.example.test', type: 'A' },
];

/** Without order, and without what NSD adds beside answers: its NS records. */
async function told(port: number, shape: QueryShape) {
  const { rcode, flags, answers, authority } = await askUdp(port, shape);
  const inOrder = (records: typeof answers): string[] =>
    records.map((record) => JSON.stringify(record)).sort();
  const rest = answers.length > 0 ? [] : inOrder(authority);
  return { rcode, aa: flags.aa, answers: inOrder(answers), rest };
}

async function addressesOf(port: number, name: string): Promise<string[]> {
  const { answers } = await askUdp(port, { name, type: 'A' });
  return answers.map(({ data }) => data).sort();
}

test('dig finds every message of a large zone signed as it must be', async () => {
  const port = await freePort();
  const texts = Array.from({ length: 500 }, (_, i) => `${i}-${'x'.repeat(200)}`);
  const many = texts.map((data, i) => `      - { name: h${i}, type: TXT, data: '"${data}"' }\n`);
  using config = createConfigFolder(configText(port, '192.0.2.25') + many.join(''), regions);
  await using director = await startDirectorProcess(config.main);
  const dig = async (secret: string): Promise<string> => {
    const words = ['@127.0.0.1', '-p', String(director.dnsPort), 'example.test', 'AXFR'];
    const sign = ['-y', `hmac-sha256:${key.name}:${secret}`];
    const { stdout } = await execute('dig', [...words, ...sign], { maxBuffer: 1 << 24 });
    return stdout;
  };
  const text = await dig(key.secret);
  assert.match(text, /XFR size: 5\d\d records \(messages ([3-9]|\d\d),/);
  assert.doesNotMatch(text, /failed|Couldn't verify|NOTAUTH|REFUSED/);
  assert.deepEqual(
    texts.filter((data) => !text.includes(`"${data}"`)),
    [],
  );
  assert.match(await dig(Buffer.alloc(32, 8).toString('base64')), /Transfer failed|BADSIG/);
});

describe('a secondary of another make', () => {
  test('takes the zone, answers its static names alike, and follows a notice', async () => {
    const port = await freePort();
    using config = createConfigFolder(configText(port, '192.0.2.25'), regions);
    await using director = await startDirectorProcess(config.main);
    await using nsd = startNsd({ zone: 'example.test', primary: director.dnsPort, port, key });
    await eventually(`NSD has the zone: ${nsd.log()}`, async () => {
      // It may not even listen yet.
      const reply = await askUdp(port, { name: 'example.test', type: 'SOA' }).catch(
        () => undefined,
      );
      return reply?.rcode === 'NOERROR';
    });
    for (const shape of questions) {
      const [own, copy] = [await told(director.dnsPort, shape), await told(port, shape)];
      assert.deepEqual(copy, own, `${String(shape.name)} ${String(shape.type)}`);
    }
    assert.deepEqual(await addressesOf(port, 'www.example.test'), ['192.0.2.10', '192.0.2.20']);
    assert.deepEqual(await addressesOf(port, 'example.test'), ['192.0.2.20']);

    config.write('meridian.yaml', configText(port, '192.0.2.26'));
    await eventually('NSD has followed', async () => {
      const [address] = await addressesOf(port, 'mail.example.test');
      return address === '192.0.2.26';
    });
    const [soa] = (await askUdp(port, { name: 'example.test', type: 'SOA' })).answers;
    await eventually('NSD has acknowledged the notice of it', () =>
      director.logs().some(({ event, serial }) => {
        return event === 'notify.acknowledged' && soa?.data.includes(` ${String(serial)} `);
      }),
    );
  });

  test('gets it by its key alone', async () => {
    const port = await freePort();
    using config = createConfigFolder(configText(port, '192.0.2.25'), regions);
    await using director = await startDirectorProcess(config.main);
    const [reply] = await askTcp(director.dnsPort, [{ name: 'example.test', type: 'AXFR' }]);
    assert.equal(reply?.rcode, 'REFUSED');
    const wrong = { ...key, secret: Buffer.alloc(32, 8).toString('base64') };
    const primary = director.dnsPort;
    await using nsd = startNsd({ zone: 'example.test', primary, port, key: wrong });
    await eventually(`NSD's signature is refused: ${nsd.log()}`, async () => {
      const text = await (await fetch(`${director.http}/metrics`)).text();
      const line = /^meridian_dns_outcomes_total\{outcome="notauth"\} (\d+)$/m.exec(text);
      return Number(line?.[1]) > 0;
    });
    assert.equal((await askUdp(port, { name: 'example.test', type: 'SOA' })).rcode, 'SERVFAIL');
  });
});
