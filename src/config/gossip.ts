// What the main file and the environment say of gossip → Settings['gossip'].

import type { BoardSettings, Settings } from '../model/settings.ts';
import { parseRedisUrl, readBoard, urlWish } from './board.ts';
import type { ConfigPath } from './document.ts';
import { readSecret, type Vault } from './secret.ts';
import { fleetSecret, type MainFile } from './shape.ts';
import { readPeerTls } from './tls.ts';
import { splitList, type ValueReader } from './values.ts';

type GossipFile = MainFile['gossip'];

/** Addresses and secrets of boards may hold passwords, so no fault repeats them. */
export function readGossip(
  gossip: GossipFile,
  vault: Vault,
  reader: ValueReader,
): Settings['gossip'] {
  const at = ['gossip'];
  const named = splitList(vault.env['MERIDIAN_REDIS']);
  const boards =
    named === undefined ? readBoards(gossip, vault, reader) : namedBoards(named, reader);
  const peers = readPeers(gossip?.peers ?? [], [...at, 'peers'], reader);
  const { secrets, isNone } = readSecrets(gossip, vault, reader);
  const isShared = peers.length > 0 || (named ?? gossip?.boards ?? []).length > 0;
  if (isShared && isNone) {
    const words = 'is missing: votes on shared boards are signed, so set it or MERIDIAN_SECRETS';
    reader.refuse([...at, 'secrets'], words);
  }
  return {
    boards,
    peers,
    peerTls: readPeerTls(gossip?.peerTls, reader),
    secrets,
    postEvery: reader.span(gossip?.postEvery, [...at, 'postEvery'], 2000, 200, 60_000),
    readEvery: reader.span(gossip?.readEvery, [...at, 'readEvery'], 1000, 100, 60_000),
  };
}

function readBoards(gossip: GossipFile, vault: Vault, reader: ValueReader): BoardSettings[] {
  const boards = gossip?.boards ?? [];
  return boards.flatMap((raw, i) => readBoard(raw, ['gossip', 'boards', i], vault, reader) ?? []);
}

function namedBoards(named: readonly string[], reader: ValueReader): BoardSettings[] {
  return named.flatMap((url, i) => {
    const board = parseRedisUrl(url);
    if (board !== undefined) return [board];
    reader.refuseVariable('MERIDIAN_REDIS', `is faulty in entry ${i + 1}: want ${urlWish}`);
    return [];
  });
}

/** `isNone` also tells apart a secret that is refused and one that is not there. */
function readSecrets(gossip: GossipFile, vault: Vault, reader: ValueReader) {
  const named = splitList(vault.env['MERIDIAN_SECRETS']);
  const isNone = (named ?? gossip?.secrets ?? []).length === 0;
  if (named === undefined) {
    const secrets = (gossip?.secrets ?? []).flatMap(
      (kept, i) => readSecret(kept, ['gossip', 'secrets', i], fleetSecret, vault, reader) ?? [],
    );
    return { secrets, isNone };
  }
  for (const [i, secret] of named.entries()) {
    if (new RegExp(fleetSecret.pattern).test(secret)) continue;
    const words = `is faulty in entry ${i + 1}: want ${fleetSecret.wish}`;
    reader.refuseVariable('MERIDIAN_SECRETS', words);
  }
  return { secrets: named, isNone };
}

/** As origins. Somebody may have put a password in, so what is refused is not repeated. */
function readPeers(texts: readonly string[], at: ConfigPath, reader: ValueReader): string[] {
  const origins = texts.map((text, i) => {
    const url = URL.parse(text);
    if (url !== null && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`) {
      return url.origin;
    }
    reader.refuse([...at, i], 'want scheme, host and port alone, such as http://192.0.2.1:8053');
    return undefined;
  });
  const peers = origins.filter((origin) => origin !== undefined);
  if (peers.length === origins.length) reader.refuseRepeats(peers, at);
  return peers;
}
