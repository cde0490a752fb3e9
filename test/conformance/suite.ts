// Runs a table of cases: every query over UDP and TCP, and through dig and kdig.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { toHex } from '../support/hex.ts';
import { buildQuery } from '../support/query.ts';
import { type ReadReply, readReply } from '../support/reply.ts';
import { type Ask, type Case, readAsk } from './case.ts';
import { askAll, canAsk, type Tool } from './decoders.ts';
import { exchangeTcp, exchangeUdp } from './exchange.ts';
import { assertWanted, linesOf } from './lines.ts';
import { startWorld, type World } from './world.ts';

const tools: readonly Tool[] = ['dig', 'kdig'];

/** Directors by the configuration that tables need, each started once for a file of tables. */
const worlds = new Map<string, Promise<World>>();

after(async () => {
  for (const starting of worlds.values()) {
    // One that could not be started has been told of where it was wanted; the others end all the same.
    const world = await starting.catch(() => undefined);
    if (world === undefined) continue;
    const received = await world.metric('meridian_dns_queries_total');
    const ended = await world.metric('meridian_dns_outcomes_total');
    await world[Symbol.asyncDispose]();
    assert.equal(ended, received, 'every query ended in one outcome');
  }
});

/** The director that answers a table; see `startWorld` for `more`. */
export function worldOf(more = ''): Promise<World> {
  const known = worlds.get(more);
  if (known !== undefined) return known;
  const world = startWorld(more);
  worlds.set(more, world);
  return world;
}

/** One test for each case, against one director; `more` is configuration that the table needs. */
export function conform(rfc: string, cases: readonly Case[], more = ''): void {
  describe(rfc, () => {
    let world: World;
    const read = new Map<Tool, Map<Case, string[]>>();
    before(async () => {
      world = await worldOf(more);
      for (const tool of tools) read.set(tool, await askWith(tool, world.port, cases));
    });
    for (const each of cases) {
      const [clause, rule, send, ...all] = each;
      const wants = all.filter((want) => !want.startsWith('octets '));
      const octets = all.filter((want) => want.startsWith('octets ')).map((want) => want.slice(7));
      const what = typeof send === 'string' ? ` (${shorten(send)})` : '';
      test(`${rfc} ${clause}: ${rule}${what}`, async () => {
        await checkSockets(world.port, send, wants, octets);
        for (const tool of tools) {
          const lines = read.get(tool)?.get(each);
          if (lines !== undefined) assertWanted(lines, wants, tool);
        }
      });
    }
  });
}

async function askWith(
  tool: Tool,
  port: number,
  cases: readonly Case[],
): Promise<Map<Case, string[]>> {
  const able = cases.flatMap((each) => {
    const ask = typeof each[2] === 'string' ? readAsk(each[2]) : undefined;
    return ask !== undefined && canAsk(tool, ask) ? [{ each, ask }] : [];
  });
  const replies = await askAll(
    tool,
    port,
    able.map(({ ask }) => ask),
  );
  return new Map(able.map(({ each }, i) => [each, replies[i] ?? []]));
}

async function checkSockets(
  port: number,
  send: string | Uint8Array,
  wants: readonly string[],
  octets: readonly string[],
): Promise<void> {
  const ask = typeof send === 'string' ? readAsk(send) : undefined;
  const bytes = typeof send === 'string' ? octetsOf(ask as Ask) : send;
  const over = ask?.over ?? 'both';
  const doors = [
    ...(over === 'tcp' ? [] : [{ by: 'UDP', replies: await exchangeUdp(port, bytes) }]),
    ...(over === 'udp' ? [] : [{ by: 'TCP', replies: await exchangeTcp(port, bytes) }]),
  ];
  for (const { by, replies } of doors) {
    const [reply, ...others] = replies;
    assert.equal(others.length, 0, `${by}: more than one reply`);
    if (wants[0] === 'silence') {
      assert.equal(reply, undefined, `${by}: a reply where there should be none`);
      continue;
    }
    assert.ok(reply, `${by}: no reply`);
    const decoded = readReply(reply);
    assertWanted(linesOf(decoded), wants.map(withoutEscapes), by);
    for (const hex of octets) assert.ok(toHex(reply).includes(hex), `${by}: lacks octets ${hex}`);
    assertSound(bytes, reply, decoded, by);
    if (ask !== undefined) assertFits(ask, reply, decoded, by);
  }
}

/** What has escapes is left to dig and kdig: dns2 does not tell a dot in a label from its end. */
function withoutEscapes(want: string): string {
  return want.replace(/\S*\\\S*/g, '…');
}

function octetsOf({ shape, flags }: Ask): Uint8Array {
  const bytes = Buffer.from(buildQuery(shape));
  bytes.writeUInt16BE(bytes.readUInt16BE(2) | flags, 2);
  return bytes;
}

/** What holds of every reply to every message (RFC 1035 §4.1.1, RFC 4035 §3.1.6, RFC 6895 §2.1). */
function assertSound(
  sent: Uint8Array,
  reply: Buffer,
  { flags, edns }: ReadReply,
  by: string,
): void {
  const query = Buffer.from(sent);
  assert.equal(reply.readUInt16BE(0), query.readUInt16BE(0), `${by}: another id`);
  const asked = query.readUInt16BE(2);
  const told = reply.readUInt16BE(2);
  assert.ok(flags.qr, `${by}: not a reply`);
  assert.equal(told & 0x7900, asked & 0x7900, `${by}: opcode and RD as they came`);
  assert.equal(told & 0xe0, 0, `${by}: RA, Z and AD are clear`);
  assert.equal(told & 0x10, asked & 0x10, `${by}: CD as it came`);
  if (edns !== undefined) assert.equal(edns.version, 0, `${by}: EDNS version 0`);
}

/** What holds besides where the query can be read: its question comes back octet for octet. */
function assertFits({ shape }: Ask, reply: Buffer, decoded: ReadReply, by: string): void {
  const plain = { ...shape };
  delete plain.edns;
  delete plain.subnet;
  const question = buildQuery(plain).subarray(12);
  const echo = reply.subarray(12, 12 + question.length);
  assert.equal(toHex(echo), toHex(question), `${by}: the question as it came`);
  const hasEdns = shape.edns !== undefined || shape.subnet !== undefined;
  assert.equal(decoded.edns !== undefined, hasEdns, `${by}: OPT to whom sent one`);
  if (by !== 'UDP') return;
  const takes = typeof shape.edns === 'object' ? (shape.edns.udpSize ?? 1232) : 512;
  const most = hasEdns ? Math.min(1232, Math.max(512, takes)) : 512;
  assert.ok(reply.length <= most, `${reply.length} octets over UDP, ${most} at most`);
}

function shorten(text: string): string {
  return text.replace(/(\w)\1{8,}/g, '$1…');
}
