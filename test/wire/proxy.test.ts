// The PROXY protocol's second version: who asks, where the message starts, and what is no header.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { formatIp } from '../../src/model/ip.ts';
import { readProxyHeader } from '../../src/wire/proxy.ts';
import { proxyHeader, type ProxyShape, proxySignature } from '../support/proxy.ts';

/** `192.0.2.1 4711 behind 28`, `proxy behind 16`, `short` or `faulty`. */
function read(bytes: Uint8Array): string {
  const header = readProxyHeader(bytes);
  if (typeof header === 'string') return header;
  const { client, size } = header;
  const who = client === undefined ? 'proxy' : `${formatIp(client.address)} ${client.port}`;
  return `${who} behind ${size}`;
}

function changed(at: number, octet: number, shape: ProxyShape = { source: '192.0.2.1' }) {
  const bytes = proxyHeader(shape);
  bytes[at] = octet;
  return bytes;
}

const six = '2001:db8:0:0:0:0:0:7';

describe('a header names', () => {
  const cases: readonly (readonly [string, ProxyShape, string])[] = [
    ['a client of IPv4', { source: '192.0.2.1', port: 99 }, '192.0.2.1 99 behind 28'],
    ['one whose first octet is large', { source: '203.0.113.255' }, '203.0.113.255 4711 behind 28'],
    ['a client of IPv6', { source: six, port: 65_535 }, '2001:db8::7 65535 behind 52'],
    ['an IPv4-mapped one', { source: '0:0:0:0:0:ffff:c000:201' }, '192.0.2.1 4711 behind 52'],
    ['a client over TCP', { source: '192.0.2.1', protocol: 'tcp' }, '192.0.2.1 4711 behind 28'],
    ['one with notes', { source: '192.0.2.1', notes: [1, 0, 1, 7] }, '192.0.2.1 4711 behind 32'],
    ['nobody (AF_UNSPEC)', {}, 'proxy behind 16'],
    ['nobody, with notes', { notes: [4, 0, 1, 0] }, 'proxy behind 20'],
    ['the proxy itself (LOCAL)', { command: 'local' }, 'proxy behind 16'],
    ['the proxy whatever LOCAL says', { command: 'local', source: six }, 'proxy behind 52'],
  ];
  for (const [what, shape, expected] of cases) {
    test(what, () => assert.equal(read(proxyHeader(shape)), expected));
  }

  test('nobody we know, where the addresses are paths (AF_UNIX)', () => {
    const notes = Array<number>(216).fill(47);
    assert.equal(read(changed(13, 0x31, { notes })), 'proxy behind 232');
  });

  test('the same client whatever is behind it', () => {
    const bytes = Uint8Array.from([...proxyHeader({ source: six }), 1, 2, 3]);
    assert.equal(read(bytes), '2001:db8::7 4711 behind 52');
  });
});

describe('no header is', () => {
  const cases: readonly (readonly [string, Uint8Array])[] = [
    ['a query', Uint8Array.of(0x12, 0x34, 1, 0, 0, 1)],
    ['the text of version 1', Buffer.from('PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n')],
    ['version 1 in this form', changed(12, 0x11)],
    ['version 3', changed(12, 0x31)],
    ['an unknown command', changed(12, 0x22)],
    ['an unknown family', changed(13, 0x41)],
    ['an unknown protocol', changed(13, 0x13)],
    ['one too short for its addresses', changed(15, 11)],
    ['one too short for those of IPv6', changed(15, 35, { source: six })],
    ['one that promises more than 1024 octets', changed(14, 4)],
  ];
  for (const [what, bytes] of cases) test(what, () => assert.equal(read(bytes), 'faulty'));
});

test('one cut short anywhere may still become one', () => {
  const bytes = proxyHeader({ source: six, notes: [1, 0, 1, 7] });
  for (let length = 0; length < bytes.length; length++) {
    assert.equal(read(bytes.subarray(0, length)), 'short', `${length} octets`);
  }
});

describe('any octets', () => {
  test('are taken without throwing, and a header ends within them', () => {
    const tail = fc.uint8Array({ maxLength: 1200 });
    fc.assert(
      fc.property(tail, fc.boolean(), (octets, hasSignature) => {
        const bytes = Uint8Array.from([...(hasSignature ? proxySignature : []), ...octets]);
        const header = readProxyHeader(bytes);
        if (typeof header === 'string') return;
        assert.ok(header.size >= 16 && header.size <= Math.min(1024, bytes.length));
      }),
    );
  });

  test('of an address come out as they went in', () => {
    const octet = fc.nat(255);
    const notes = fc.array(octet, { maxLength: 300 });
    fc.assert(
      fc.property(
        fc.tuple(octet, octet, octet, octet),
        fc.nat(0xffff),
        notes,
        (four, port, rest) => {
          const source = four.join('.');
          const header = readProxyHeader(proxyHeader({ source, port, notes: rest }));
          assert.ok(typeof header === 'object' && header.client !== undefined);
          assert.equal(formatIp(header.client.address), source);
          assert.deepEqual([header.client.port, header.size], [port, 28 + rest.length]);
        },
      ),
    );
  });
});
