// Boards: what each way to write one means, and that no fault repeats what may hold a password.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseRedisUrl } from '../../src/config/board.ts';
import type { BoardSettings } from '../../src/model/settings.ts';
import { faultsOf, mainText, settingsOf } from '../support/config.ts';

const pemOf = (what: string): string => `-----BEGIN ${what}-----\nAAAA\n-----END ${what}-----\n`;
const secrets = {
  pw: { text: 'p:w@/1\n' },
  ca: { text: pemOf('CERTIFICATE') + pemOf('CERTIFICATE') },
  cert: { text: pemOf('CERTIFICATE') },
  key: { text: pemOf('PRIVATE KEY') },
  junk: { text: 'hunter2' },
};

const mainWith = (board: string): string =>
  `${mainText}gossip: { boards: [${board}], secrets: ["0123456789abcdef"] }\nhealth: { observers: [eu] }\n`;

function boardOf(board: string): BoardSettings | undefined {
  return settingsOf({ main: mainWith(board), secrets }).gossip.boards[0];
}

const none = { username: undefined, password: undefined, tls: undefined };
const systemTls = { ca: undefined, cert: undefined, key: undefined, serverName: undefined };
const single = (host: string, port = 6379, database = 0) => ({
  kind: 'single' as const,
  host,
  port,
  database,
});

describe('a URL', () => {
  const cases: readonly [string, BoardSettings][] = [
    ['redis://h', { ...none, place: single('h') }],
    ['redis://192.0.2.1:7/', { ...none, place: single('192.0.2.1', 7) }],
    ['redis://[2001:db8::1]:7/3', { ...none, place: single('2001:db8::1', 7, 3) }],
    ['rediss://h', { ...none, place: single('h'), tls: systemTls }],
    ['redis://:p@h', { ...none, place: single('h'), password: 'p' }],
    [
      'redis://u:p%3Aw%40%2F1@h',
      { ...none, place: single('h'), username: 'u', password: 'p:w@/1' },
    ],
    ['redis://u%:100%@h', { ...none, place: single('h'), username: 'u%', password: '100%' }],
  ];
  for (const [url, board] of cases) {
    test(`${url} is taken`, () => assert.deepEqual(boardOf(`"${url}"`), board));
  }

  const faulty = [
    'http://me:hunter2@h',
    'redis://:hunter2@[x',
    'redis://',
    'redis:///1',
    'redis://h:65536',
    'redis://h/hunter2',
    'redis://h?password=hunter2',
    'hunter2',
  ];
  for (const url of faulty) {
    test(`${url} is refused, and not repeated`, () => {
      assert.equal(parseRedisUrl(url), undefined);
      assert.deepEqual(faultsOf({ main: mainWith(`"${url}"`) }), [
        'meridian.yaml:6:20: /gossip/boards/0: want a Redis URL such as redis://127.0.0.1:6379, or a block (config.value)',
      ]);
    });
  }
});

describe('a block', () => {
  test('with a URL takes user and password beside it', () => {
    assert.deepEqual(boardOf('{ url: "redis://h:7", username: u, password: { file: pw } }'), {
      place: single('h', 7),
      username: 'u',
      password: 'p:w@/1',
      tls: undefined,
    });
  });

  test('with Sentinels has their name for the master, and a user of their own', () => {
    const sentinel =
      '{ name: mymaster, nodes: ["s1.example:26379", "[2001:db8::1]:2"], username: s, password: t }';
    assert.deepEqual(boardOf(`{ sentinel: ${sentinel}, password: p, tls: true }`), {
      place: {
        kind: 'sentinel',
        name: 'mymaster',
        nodes: [
          { host: 's1.example', port: 26_379 },
          { host: '2001:db8::1', port: 2 },
        ],
        username: 's',
        password: 't',
      },
      username: undefined,
      password: 'p',
      tls: systemTls,
    });
  });

  test('with a Cluster has its nodes', () => {
    assert.deepEqual(boardOf('{ cluster: ["a:1", "b:2"] }'), {
      ...none,
      place: {
        kind: 'cluster',
        nodes: [
          { host: 'a', port: 1 },
          { host: 'b', port: 2 },
        ],
      },
    });
  });

  test('with certificates of its own has them as texts', () => {
    const tls =
      '{ ca: { file: ca }, cert: { file: cert }, key: { file: key }, serverName: redis.example }';
    assert.deepEqual(boardOf(`{ url: "rediss://h", tls: ${tls} }`)?.tls, {
      ca: secrets.ca.text.trimEnd(),
      cert: secrets.cert.text.trimEnd(),
      key: secrets.key.text.trimEnd(),
      serverName: 'redis.example',
    });
  });
});

describe('a faulty block', () => {
  const cases: readonly [string, ...string[]][] = [
    ['{}', '6:20: /gossip/boards/0: want exactly one of url, sentinel, cluster (config.value)'],
    [
      '{ url: "redis://h", cluster: ["h:1"] }',
      '6:20: /gossip/boards/0: want exactly one of url, sentinel, cluster (config.value)',
    ],
    [
      '{ url: "http://hunter2@h" }',
      '6:22: /gossip/boards/0/url: want a Redis URL such as redis://127.0.0.1:6379 (config.value)',
    ],
    [
      '{ url: "redis://u:hunter2@h", username: me, password: hunter2 }',
      '6:50: /gossip/boards/0/username: stands in the URL too: give it once (config.value)',
      '6:64: /gossip/boards/0/password: stands in the URL too: give it once (config.value)',
    ],
    [
      '{ url: "redis://h", tls: true }',
      '6:40: /gossip/boards/0/tls: stands beside a URL without TLS: let it begin with rediss:// (config.value)',
    ],
    [
      '{ cluster: ["redis://:hunter2@h:1", "h:0", "h"] }',
      ...[
        '6:32: /gossip/boards/0/cluster/0: ',
        '6:56: /gossip/boards/0/cluster/1: ',
        '6:63: /gossip/boards/0/cluster/2: ',
      ].map(
        (at) =>
          `${at}want a host and a port from 1 to 65535 alone, such as redis-1:6379 (config.value)`,
      ),
    ],
    [
      '{ sentinel: { nodes: [] } }',
      '6:32: /gossip/boards/0/sentinel/name: is missing, want the name that the Sentinels have for the master (config.shape)',
      '6:34: /gossip/boards/0/sentinel/nodes: got an empty list, want a list of at least one Sentinel (config.shape)',
    ],
    [
      '{ cluster: ["h:1"], pasword: hunter2 }',
      '6:40: /gossip/boards/0/pasword: is not a setting here, want one of url, sentinel, cluster, username, password, tls (config.unknown-key)',
    ],
    [
      '{ cluster: ["h:1"], password: { file: gone } }',
      '6:40: /gossip/boards/0/password: cannot read gone: nobody has read it (config.value)',
    ],
    [
      '{ cluster: ["h:1"], tls: { ca: { file: junk }, key: { file: junk }, serverName: 192.0.2.1 } }',
      '6:40: /gossip/boards/0/tls: want cert and key together, or neither (config.value)',
      '6:47: /gossip/boards/0/tls/ca: the file junk holds something else, want certificates in PEM (config.value)',
      '6:67: /gossip/boards/0/tls/key: the file junk holds something else, want a private key in PEM (config.value)',
      '6:88: /gossip/boards/0/tls/serverName: is an address, which is no server name (RFC 6066 §3) (config.value)',
    ],
    [
      '{ cluster: ["h:1"], tls: { verify: false } }',
      '6:47: /gossip/boards/0/tls/verify: is not a setting here, want one of ca, cert, key, serverName (config.unknown-key)',
    ],
    ['7', '6:20: /gossip/boards/0: got 7, want a block of settings (config.shape)'],
  ];
  for (const [board, ...told] of cases) {
    test(`${board} is told of`, () => {
      const faults = faultsOf({ main: mainWith(board), secrets });
      assert.deepEqual(
        faults,
        told.map((each) => `meridian.yaml:${each}`),
      );
      assert.doesNotMatch(faults.join(), /hunter2/);
    });
  }
});
