// The probes of a region's file: what becomes of them, and what is refused.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseName, rootName } from '../../src/model/name.ts';
import { faultsOf, mainText, regionText } from '../support/config.ts';
import { faultsWith, probesWith, probeWith as probe } from '../support/region-line.ts';

describe('a probe', () => {
  test('has a timeout of half its interval where that is shorter than 2 s', () => {
    const timeouts = ['501ms', '10s'].map((interval) => {
      const spec = probe(`{ tcp: "h:1", interval: ${interval} }`);
      return spec?.kind === 'tcp' && spec.timeout;
    });
    assert.deepEqual(timeouts, [250, 2000]);
  });

  test('over TCP takes names, IPv4 and bracketed IPv6', () => {
    const hosts = ['"origin.example.net:80"', '"192.0.2.1:80"', '"[2001:db8::1]:80"'].map((tcp) => {
      const spec = probe(`{ tcp: ${tcp} }`);
      return spec?.kind === 'tcp' ? `${spec.host} ${spec.port}` : undefined;
    });
    assert.deepEqual(hosts, ['origin.example.net 80', '192.0.2.1 80', '2001:db8::1 80']);
  });

  test('over TLS checks the certificate', () => {
    assert.deepEqual(probe('{ tls: "h:443" }'), {
      kind: 'tls',
      timeout: 2000,
      host: 'h',
      port: 443,
      serverName: undefined,
      verify: true,
    });
    const other = probe('{ tls: "192.0.2.1:443", serverName: www.example.net, verify: false }');
    assert.ok(other?.kind === 'tls');
    assert.deepEqual([other.serverName, other.verify], ['www.example.net', false]);
  });

  test('over DNS asks for addresses, and takes any', () => {
    assert.deepEqual(probe('{ dns: "[2001:db8::1]:53", name: www.example.net }'), {
      kind: 'dns',
      timeout: 2000,
      host: '2001:db8::1',
      port: 53,
      name: parseName('www.example.net'),
      type: 1,
      data: undefined,
    });
  });

  test('over DNS has its data in canonical form', () => {
    const spec = probe('{ dns: "h:53", name: ".", type: MX, data: "10 Mail.example.net" }');
    assert.ok(spec?.kind === 'dns');
    assert.deepEqual([spec.name, spec.type, spec.data], [rootName, 15, '10 mail.example.net.']);
  });

  const refused = [
    ['{ tls: "h" }', '/probe/tls: got "h", want a host and a port', 'config.shape'],
    ['{ tls: "h:0" }', '/probe/tls: got "h:0", want a host and a port from 1 to 65535'],
    [
      '{ tls: "h:1", serverName: 192.0.2.1 }',
      '/probe/serverName: is an address, which is no server name (RFC 6066 §3)',
    ],
    ['{ tls: "h:1", serverName: a..b }', '/probe/serverName: got "a..b", want a domain name'],
    ['{ tls: "h:1", contains: ok }', '/probe/contains: means nothing for a tls probe'],
    ['{ dns: "h:53" }', '/probe/name: is missing, want a domain name'],
    ['{ dns: "h:53", name: a..b }', '/probe/name: got "a..b", want a domain name'],
    ['{ dns: "h:53", name: "a\\\\.b" }', '/probe/name: has an octet that a probe cannot ask for'],
    [
      '{ dns: "h:53", name: a, type: SOA }',
      '/probe/type: got "SOA", want one of A, AAAA, CNAME, MX, NS, PTR, SRV, TXT',
      'config.shape',
    ],
    [
      '{ dns: "h:53", name: a, data: b }',
      '/probe/data: want "address", got "b": address is not an IPv4 address',
    ],
    ['{}', '/probe: want exactly one of http, tcp, tls, dns, push'],
    ['{ http: "http://h", tcp: "h:1" }', '/probe: want exactly one of http, tcp, tls, dns, push'],
    ['{ tcp: "h:1", verify: false }', '/probe/verify: means nothing for a tcp probe'],
    ['{ tcp: "h:0" }', '/probe/tcp: got "h:0", want a host and a port from 1 to 65535'],
    ['{ tcp: "h:65536" }', '/probe/tcp: got "h:65536", want a host and a port from 1 to 65535'],
    ['{ tcp: "::1:80" }', '/probe/tcp: got "::1:80", want a host and a port from 1 to 65535'],
    ['{ tcp: "h:1", interval: 100ms }', '/probe/interval: got 100ms, want a time from 500ms to 1h'],
    ['{ tcp: "h:1", timeout: 61s }', '/probe/timeout: got 61s, want a time from 50ms to 1m'],
    [
      '{ tcp: "h:1", interval: 1s, timeout: 1s }',
      '/probe/timeout: want a timeout shorter than the interval, or probes pile up',
    ],
  ] as const;
  for (const [text, words, code = 'config.value'] of refused) {
    test(`${text} is refused`, () => {
      assert.equal(faultsWith(`probe: ${text}`)[0], `${words} (${code})`);
    });
  }
});

describe('the probes of a region', () => {
  test('are one that decides alone, at a pace of its own', () => {
    const { list, ...rest } = probesWith('probe: { tcp: "h:1" }') ?? {};
    assert.equal(list?.length, 1);
    assert.deepEqual(rest, {
      interval: 5000,
      downAfter: 3,
      upAfter: 5,
      holdDown: 60_000,
      flapHalfLife: 600_000,
      need: 1,
    });
  });

  test('or several that share a pace and must all succeed', () => {
    const probes = probesWith(
      'probes: { interval: 1s, downAfter: 2, upAfter: 4, holdDown: 0s, flapHalfLife: 30m, list: [{ tcp: "h:1" }, { http: "http://h", timeout: 200ms }] }',
    );
    const { list, ...rest } = probes ?? {};
    assert.deepEqual(rest, {
      interval: 1000,
      downAfter: 2,
      upAfter: 4,
      holdDown: 0,
      flapHalfLife: 1_800_000,
      need: 2,
    });
    assert.partialDeepStrictEqual(list, [
      { kind: 'tcp', timeout: 500 },
      { kind: 'http', timeout: 200 },
    ]);
  });

  for (const [require, need] of [
    ['all', 3],
    ['any', 1],
    ['2', 2],
  ] as const) {
    test(`with require: ${require} need ${need} of 3`, () => {
      const list = '[{ tcp: "h:1" }, { tcp: "h:2" }, { tcp: "h:3" }]';
      assert.equal(probesWith(`probes: { require: ${require}, list: ${list} }`)?.need, need);
    });
  }

  test('with a share for require have weights, and need that share of them', () => {
    const list = '[{ tcp: "h:1", weight: 40 }, { tcp: "h:2" }, { tcp: "h:3", weight: 1000 }]';
    const { need, weights } = probesWith(`probes: { require: "50%", list: ${list} }`) ?? {};
    assert.deepEqual({ need, weights }, { need: 520.5, weights: [40, 1, 1000] });
    assert.equal(probesWith('probes: { require: "29%", list: [{ tcp: "h:1" }] }')?.need, 0.29);
    assert.equal(probesWith('probes: { list: [{ tcp: "h:1" }] }')?.weights, undefined);
  });

  const refused = [
    [
      'probes: { list: [{ tcp: "h:1" }, { tcp: "h:2", weight: 2 }] }',
      '/probes/list/1/weight: means nothing unless require is a share of the weight, such as "50%" (config.value)',
    ],
    ...['0%', '101%', '50', '-1%', '5.5%', '50 %'].map(
      (share) =>
        [
          `probes: { require: "${share}", list: [{ tcp: "h:1" }] }`,
          `/probes/require: got "${share}", want all, any, a number from 1 to 16 or a share from "1%" to "100%" (config.shape)`,
        ] as const,
    ),
    [
      'probes: { require: "1%", list: [{ tcp: "h:1", weight: 0 }] }',
      '/probes/list/0/weight: got 0, want a number from 1 to 1000 (config.shape)',
    ],
    ['probe: { tcp: "h:1", weight: 1 }', /^\/probe\/weight: is not a setting here/],
    [
      'probes: { require: 2, list: [{ tcp: "h:1" }] }',
      '/probes/require: wants 2 probes healthy, but lists 1 (config.value)',
    ],
    [
      'probes: { require: most, list: [{ tcp: "h:1" }] }',
      '/probes/require: got "most", want all, any, a number from 1 to 16 or a share from "1%" to "100%" (config.shape)',
    ],
    [
      'probes: { list: [] }',
      '/probes/list: got an empty list, want a list of 1 to 16 probes (config.shape)',
    ],
    [
      'probes: { list: [{ tcp: "h:1", interval: 5s }] }',
      /^\/probes\/list\/0\/interval: is not a setting here/,
    ],
    [
      'probes: { list: [{ tcp: "h:1" }, { tcp: "h:0" }] }',
      /^\/probes\/list\/1\/tcp: got "h:0", want a host and a port/,
    ],
    [
      'probes: { interval: 1s, list: [{ tcp: "h:1", timeout: 1s }] }',
      /^\/probes\/list\/0\/timeout: want a timeout shorter than the interval/,
    ],
  ] as const;
  for (const [line, words] of refused) {
    test(`${line} is refused`, () => {
      const [fault = ''] = faultsWith(line);
      if (typeof words === 'string') assert.equal(fault, words);
      else assert.match(fault, words);
    });
  }

  test('are not given in two ways at once', () => {
    assert.deepEqual(faultsWith('probe: { tcp: "h:1" }\nprobes: { list: [{ tcp: "h:1" }] }'), [
      'regions/eu.yaml:9:1: /probes: stands beside probe: give one of them (config.value)',
    ]);
  });
});

describe('with networks that probes must keep to', () => {
  const main = `${mainText}health: { probeNetworks: [192.0.2.0/24, "2001:db8::1/128"] }\n`;
  const faultsOn = (line: string): string[] =>
    faultsOf({ main, regions: { eu: `${regionText}${line}\n` } });

  for (const target of ['tcp: "192.0.2.7:80"', 'http: "http://[2001:db8::1]/"', 'tls: "h:443"']) {
    test(`${target} is fine`, () => assert.deepEqual(faultsOn(`probe: { ${target} }`), []));
  }

  const outside = [
    ['tcp: "192.0.3.7:80"', '/tcp: 192.0.3.7'],
    ['http: "http://127.0.0.1/"', '/http: 127.0.0.1'],
    ['http: "http://2130706433/"', '/http: 127.0.0.1'],
    ['tls: "[2001:db8::2]:443"', '/tls: 2001:db8::2'],
    ['dns: "[::ffff:10.0.0.1]:53", name: a', '/dns: 10.0.0.1'],
  ] as const;
  for (const [target, words] of outside) {
    test(`${target} is refused, alone and among others`, () => {
      const rest = `${words} lies outside health.probeNetworks (config.value)`;
      assert.equal(faultsOn(`probe: { ${target} }`)[0]?.replace(/^\S+: /, ''), `/probe${rest}`);
      assert.equal(
        faultsOn(`probes: { list: [{ tcp: "h:1" }, { ${target} }] }`)[0]?.replace(/^\S+: /, ''),
        `/probes/list/1${rest}`,
      );
    });
  }

  test('a network that is none is told once, where it stands', () => {
    const faulty = `${mainText}health: { probeNetworks: [192.0.2.1/24] }\n`;
    const faults = faultsOf({ main: faulty, regions: { eu: regionText } });
    assert.equal(faults.length, 1);
    assert.match(faults[0] ?? '', /\/health\/probeNetworks\/0: got "192\.0\.2\.1\/24"/);
  });
});
