// A board of the main file, a Redis URL or a block → BoardSettings.

import type { Static } from 'typebox';
import { parseIp } from '../model/ip.ts';
import type { BoardPlace, BoardSettings, BoardTls, Endpoint } from '../model/settings.ts';
import { Type } from '../schema.ts';
import type { ConfigPath } from './document.ts';
import { type KeptSecret, readSecret, type Vault } from './secret.ts';
import { block, list, text } from '../shape.ts';
import { keptSecret, type SecretWish } from './shape.ts';
import type { ValueReader } from './values.ts';

const words: SecretWish = { wish: 'one line of text', pattern: '^[^\\r\\n]+$' };
const pem = (what: string): string => `-----BEGIN ${what}-----[\\s\\S]+-----END ${what}-----`;
const certificates: SecretWish = {
  wish: 'certificates in PEM',
  pattern: pem('(TRUSTED )?CERTIFICATE'),
};
const privateKey: SecretWish = {
  wish: 'a private key in PEM',
  pattern: pem('[A-Z ]*PRIVATE KEY'),
};

const node = text('a host and a port');

/** What a board may be in place of a URL. */
export const boardShape = block({
  url: Type.Optional(keptSecret(words)),
  sentinel: Type.Optional(
    block({
      name: text('the name that the Sentinels have for the master'),
      nodes: list(node, 'a list of at least one Sentinel', 1),
      username: Type.Optional(keptSecret(words)),
      password: Type.Optional(keptSecret(words)),
    }),
  ),
  cluster: Type.Optional(list(node, 'a list of at least one node', 1)),
  username: Type.Optional(keptSecret(words)),
  password: Type.Optional(keptSecret(words)),
  /** `true`, or a block of the shape `boardTlsShape`. */
  tls: Type.Optional(Type.Unknown()),
});

export const boardTlsShape = block({
  ca: Type.Optional(keptSecret(certificates)),
  cert: Type.Optional(keptSecret(certificates)),
  key: Type.Optional(keptSecret(privateKey)),
  serverName: Type.Optional(text('a host name')),
});

type BoardFile = Static<typeof boardShape>;

export const urlWish = 'a Redis URL such as redis://127.0.0.1:6379';

const noTls: BoardTls = { ca: undefined, cert: undefined, key: undefined, serverName: undefined };

/** No fault repeats what may hold a password. */
export function readBoard(
  raw: unknown,
  at: ConfigPath,
  vault: Vault,
  reader: ValueReader,
): BoardSettings | undefined {
  if (typeof raw === 'string') {
    const board = parseRedisUrl(raw);
    if (board === undefined) reader.refuse(at, `want ${urlWish}, or a block`);
    return board;
  }
  const file = reader.shape(boardShape, raw, at);
  if (file === undefined) return undefined;
  const secret = secretReader(vault, reader);
  const start = readPlace(file, at, secret, reader);
  const username = secret(file.username, [...at, 'username'], words);
  const password = secret(file.password, [...at, 'password'], words);
  const tls = readTls(file.tls, [...at, 'tls'], secret, reader);
  if (start === undefined) return undefined;
  for (const key of ['username', 'password'] as const) {
    if (file[key] === undefined || start[key] === undefined) continue;
    reader.refuse([...at, key], 'stands in the URL too: give it once');
  }
  if (file.url !== undefined && file.tls !== undefined && start.tls === undefined) {
    reader.refuse([...at, 'tls'], 'stands beside a URL without TLS: let it begin with rediss://');
  }
  return {
    place: start.place,
    username: username ?? start.username,
    password: password ?? start.password,
    tls: tls ?? start.tls,
  };
}

/** `redis:` or `rediss:`, with user, password and the number of a database if wanted. */
export function parseRedisUrl(url: string): BoardSettings | undefined {
  const parsed = URL.parse(url);
  if (parsed === null || !/^rediss?:$/.test(parsed.protocol) || parsed.hostname === '') {
    return undefined;
  }
  const database = /^\/?(\d{0,6})$/.exec(parsed.pathname)?.[1];
  if (database === undefined || parsed.search !== '' || parsed.hash !== '') return undefined;
  return {
    place: {
      kind: 'single',
      host: parsed.hostname.replace(/^\[|\]$/g, ''),
      port: Number(parsed.port || 6379),
      database: Number(database),
    },
    username: decoded(parsed.username),
    password: decoded(parsed.password),
    tls: parsed.protocol === 'rediss:' ? noTls : undefined,
  };
}

/** A part of a URL, undefined when empty; one that is not properly escaped means itself. */
function decoded(part: string): string | undefined {
  if (part === '') return undefined;
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

type ReadBoardSecret = ReturnType<typeof secretReader>;

/** Reads what may be left out. */
function secretReader(vault: Vault, reader: ValueReader) {
  return (kept: KeptSecret | undefined, at: ConfigPath, wish: SecretWish): string | undefined =>
    kept === undefined ? undefined : readSecret(kept, at, wish, vault, reader);
}

/** Where the board is, as far as that tells also how to get in. */
function readPlace(
  file: BoardFile,
  at: ConfigPath,
  secret: ReadBoardSecret,
  reader: ValueReader,
): BoardSettings | undefined {
  const { url, sentinel, cluster } = file;
  if ([url, sentinel, cluster].filter((each) => each !== undefined).length !== 1) {
    reader.refuse(at, 'want exactly one of url, sentinel, cluster');
    return undefined;
  }
  if (url !== undefined) {
    const found = secret(url, [...at, 'url'], words);
    const board = found === undefined ? undefined : parseRedisUrl(found);
    if (found !== undefined && board === undefined) {
      reader.refuse([...at, 'url'], `want ${urlWish}`);
    }
    return board;
  }
  const bare = (place: BoardPlace): BoardSettings => ({
    place,
    username: undefined,
    password: undefined,
    tls: undefined,
  });
  if (sentinel === undefined) {
    return bare({
      kind: 'cluster',
      nodes: readNodes(cluster ?? [], [...at, 'cluster'], reader),
    });
  }
  const here = [...at, 'sentinel'];
  return bare({
    kind: 'sentinel',
    name: sentinel.name,
    nodes: readNodes(sentinel.nodes, [...here, 'nodes'], reader),
    username: secret(sentinel.username, [...here, 'username'], words),
    password: secret(sentinel.password, [...here, 'password'], words),
  });
}

function readNodes(texts: readonly string[], at: ConfigPath, reader: ValueReader): Endpoint[] {
  return texts.flatMap((each, i) => {
    const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:@/[\]]+)):(\d{1,5})$/.exec(each);
    const host = match?.[1] ?? match?.[2];
    const port = Number(match?.[3]);
    if (host !== undefined && port > 0 && port <= 65_535) return [{ host, port }];
    reader.refuse([...at, i], 'want a host and a port from 1 to 65535 alone, such as redis-1:6379');
    return [];
  });
}

function readTls(
  raw: unknown,
  at: ConfigPath,
  secret: ReadBoardSecret,
  reader: ValueReader,
): BoardTls | undefined {
  if (raw === undefined) return undefined;
  const file = raw === true ? {} : reader.shape(boardTlsShape, raw, at);
  if (file === undefined) return undefined;
  const { serverName } = file;
  if (serverName !== undefined) {
    const here = [...at, 'serverName'];
    if (parseIp(serverName) === undefined) reader.domain(serverName, here);
    else reader.refuse(here, 'is an address, which is no server name (RFC 6066 §3)');
  }
  if ((file.cert === undefined) !== (file.key === undefined)) {
    reader.refuse(at, 'want cert and key together, or neither');
  }
  return {
    ca: secret(file.ca, [...at, 'ca'], certificates),
    cert: secret(file.cert, [...at, 'cert'], certificates),
    key: secret(file.key, [...at, 'key'], privateKey),
    serverName,
  };
}
