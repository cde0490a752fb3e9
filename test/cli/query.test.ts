// `meridian query` against the real responder on real sockets, and against servers that mean ill.

import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, type TestContext, test } from 'node:test';
import { indexZones } from '../../src/authority/zone.ts';
import { listenDns } from '../../src/compose/dns.ts';
import { createDnsCounts } from '../../src/director/counters.ts';
import { query } from '../../src/cli/query.ts';
import { sipKey } from '../../src/wire/siphash.ts';
import { mainText, settingsOf } from '../support/config.ts';
import { createDnsStage, plainSnapshot } from '../support/dns-stage.ts';
import { runIn } from '../support/terminal.ts';

const records = `    records:
      - { name: long, type: TXT, data: '${Array(9)
        .fill(`"${'x'.repeat(200)}"`)
        .join(' ')}' }
`;

/** A director on UDP and TCP; gives how a command names it. */
async function serve(t: TestContext, dns = ''): Promise<string> {
  const settings = settingsOf({
    main: mainText.replace('    services:', `${records}    services:`) + dns,
  });
  const cookieKeys = () => [sipKey(new Uint8Array(16))];
  const snapshot = plainSnapshot(settings);
  const stage = createDnsStage(snapshot, { cookieKeys });
  const doors = { dns: [{ host: '127.0.0.1', port: 0 }], dot: [] };
  const building = new AsyncDisposableStack();
  t.after(() => building.disposeAsync());
  const cell = { view: { snapshot, zones: indexZones(settings) } };
  const ears = { cell, counts: createDnsCounts() };
  const options = { doors, isShared: false, identity: undefined, building };
  const listening = await listenDns(ears, stage.send, options);
  return `127.0.0.1:${listening.doors.dns[0]?.port}`;
}

describe('meridian query', () => {
  test('prints the answer and what steers it', async (t) => {
    const server = await serve(t);
    const facts = ['--subnet', '141.20.0.0/24', '--cookie', '--nsid'];
    const run = await runIn(query, ['www.example.test', `@${server}`, ...facts]);
    assert.equal(run.code, 0, run.err);
    const { out } = run;
    assert.match(
      out,
      /^www\.example\.test A: NOERROR from 127\.0\.0\.1 port \d+ over UDP in [\d.]+ ms, authoritative\n/,
    );
    assert.match(out, /\nAnswer:\n {2}www\.example\.test\. \d+ IN A 192\.0\.2\.10\n/);
    assert.match(
      out,
      /\nScope {3}\/\d+, for the subnet 141\.20\.0\.0\/24\nNSID {4}a\nCookie {2}given\n/,
    );
    assert.match(out, /\nWhy:\n {2}www\.example\.test → eu\n/);
  });

  test("asks this machine's director when no server is named", async (t) => {
    const server = await serve(t);
    const run = await runIn(query, ['www.example.test', 'AAAA'], { MERIDIAN_DNS: server });
    assert.match(run.out, /IN AAAA 2001:db8:1::10/);
  });

  test('shows a demanded cookie at the second try', async (t) => {
    const server = await serve(t, 'dns: { cookies: { require: true } }\n');
    const run = await runIn(query, ['www.example.test', `@${server}`, '--cookie']);
    assert.match(run.out, /Cookie {2}demanded, given and taken/);
  });

  test('goes on over TCP with what was truncated', async (t) => {
    const server = await serve(t);
    const run = await runIn(query, ['long.example.test', 'TXT', `@${server}`]);
    assert.match(run.out, /over TCP in [\d.]+ ms, authoritative, truncated over UDP\n/);
    assert.ok(run.out.includes('x'.repeat(200)));
  });

  test('is 1 for a name that is not there, with the reason that came along', async (t) => {
    const server = await serve(t);
    const gone = await runIn(query, ['nobody.example.test', `@${server}`]);
    assert.equal(gone.code, 1);
    assert.match(gone.out, /: NXDOMAIN [\s\S]*Authority:\n {2}example\.test\. \d+ IN SOA /);
    const foreign = await runIn(query, ['example.net', `@${server}`]);
    assert.match(foreign.out, /: REFUSED [\s\S]*\nNote {4}not a zone of this server \(EDE 20\)/);
  });

  test('--json has the same as data', async (t) => {
    const server = await serve(t);
    const { out } = await runIn(query, ['www.example.test', `@${server}`, '--json', '--nsid']);
    const { status, answers, nsid, why } = JSON.parse(out) as Record<string, unknown>;
    assert.deepEqual([status, nsid], ['NOERROR', 'a']);
    assert.deepEqual((answers as { data: string }[])[0]?.data, '192.0.2.10');
    assert.equal((why as string[])[0], 'www.example.test → eu');
  });

  const wrong = [
    ['no name', []],
    ['a name that is none', ['a..b']],
    ['a type that is none', ['example.test', 'NOSUCH']],
    ['two servers', ['example.test', '@127.0.0.1', '@127.0.0.2']],
    ['a server without a port after its colon', ['example.test', '@127.0.0.1:']],
    ['a port too large', ['example.test', '@127.0.0.1:65536']],
    ['stray bits in a subnet', ['example.test', '--subnet', '192.0.2.1/24']],
    ['two transports', ['example.test', '--tcp', '--tls']],
  ] as const;
  for (const [what, args] of wrong) {
    test(`${what} is wrong usage`, async () => {
      const run = await runIn(query, args);
      assert.deepEqual([run.code, run.out], [2, '']);
      assert.notEqual(run.err, '');
    });
  }
});

describe('a server that means ill', () => {
  /** Answers each query with what `make` makes of it. */
  async function lie(t: TestContext, make: (asked: Buffer) => Buffer): Promise<string> {
    const socket = createSocket('udp4');
    socket.on('message', (asked, { port }) =>
      socket.send(make(Buffer.from(asked)), port, '127.0.0.1'),
    );
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    t.after(() => socket.close());
    return `@127.0.0.1:${socket.address().port}`;
  }

  test('can send anything, and is told to be unreadable', async (t) => {
    const server = await lie(t, (asked) => {
      asked[2] = 0x84;
      asked.writeUInt16BE(0xffff, 6);
      return asked;
    });
    const run = await runIn(query, ['www.example.test', server]);
    assert.equal(run.code, 1);
    assert.match(run.err, /no answer from 127\.0\.0\.1:\d+ over UDP: a record breaks off/);
  });

  test('cannot write to the terminal', async (t) => {
    const server = await lie(t, (asked) => {
      asked[2] = 0x80;
      const text = Buffer.from('\u001b[2J\u202egone');
      const head = Buffer.of(0, 15, 0, text.length + 2, 0, 0);
      asked.writeUInt16BE(head.length + text.length, asked.length - 2);
      return Buffer.concat([asked, head, text]);
    });
    const run = await runIn(query, ['www.example.test', server]);
    assert.match(run.out, /Note {4}\ufffd\[2J\ufffdgone/);
  });
});
