// A real director under fire on loopback: garbage, forgeries and floods end in counters, never in harm.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { describe, test } from 'node:test';
import { askTcp, askUdp } from '../support/ask.ts';
import {
  copyExampleConfig,
  type DirectorProcess,
  startDirectorProcess,
} from '../support/director-process.ts';
import { eventually } from '../support/eventually.ts';
import { canForge, sendForged } from '../support/forge.ts';
import { buildQuery } from '../support/query.ts';

const www = { name: 'www.example.test' } as const;

/** Sends every packet once from one socket, some at a time, and does not wait for replies. */
async function flood(port: number, packets: Iterable<Uint8Array>): Promise<number> {
  const socket = createSocket({ type: 'udp4', sendBufferSize: 1 << 22 });
  let sent = 0;
  for (const packet of packets) {
    await new Promise((resolve) => socket.send(packet, port, '127.0.0.1', resolve));
    sent++;
  }
  socket.close();
  return sent;
}

/** Samples of one metric, summed over its labels. */
async function metric(director: DirectorProcess, name: string): Promise<number> {
  const text = await (await fetch(`${director.http}/metrics`)).text();
  const lines = text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

/** A query whose question is one long chain of pointers to pointers. */
function pointerBomb(): Uint8Array {
  const packet = Buffer.alloc(65_000);
  packet.writeUInt16BE(10_000, 4);
  for (let i = 12; i + 1 < packet.length; i += 2)
    packet.writeUInt16BE(0xc000 | Math.max(12, i - 2), i);
  return packet;
}

function* garbage(count: number): Generator<Uint8Array> {
  const good = buildQuery({ ...www, subnet: '141.20.0.0/24' });
  for (let i = 0; i < count; i++) {
    if (i % 2 === 0) yield randomBytes(1 + (i % 600));
    else {
      const mutant = Uint8Array.from(good);
      const noise = randomBytes(4);
      mutant[(noise[0] ?? 0) % mutant.length] = noise[1] ?? 0;
      mutant[(noise[2] ?? 0) % mutant.length] = noise[3] ?? 0;
      yield mutant;
    }
  }
}

describe('a director under fire', () => {
  test('survives garbage, traps and floods, and its counters sum', async (t) => {
    using config = copyExampleConfig();
    await using director = await startDirectorProcess(config.main);
    const port = director.dnsPort;
    await flood(port, garbage(20_000));
    const bombs = Array.from({ length: 50 }, pointerBomb);
    const start = performance.now();
    await flood(port, bombs);
    assert.equal((await askUdp(port, www)).rcode, 'NOERROR');
    t.diagnostic(
      `50 pointer bombs of 65,000 octets, then an answer: ${(performance.now() - start).toFixed(0)} ms`,
    );
    await flood(port, [
      buildQuery({
        ...www,
        subnet: { family: 2, source: 56, address: [0x2a, 1, 4, 0xf8, 0, 0, 0] },
      }),
      buildQuery({ ...www, subnet: { family: 1, source: 24, address: [141, 20, 0, 1] } }),
      buildQuery({ ...www, subnet: { family: 1, source: 33, address: [141, 20, 0, 0, 0] } }),
      buildQuery({ ...www, opcode: 5 }),
      Uint8Array.from(buildQuery(www), (octet, i) => (i === 2 ? octet | 0x80 : octet)),
    ]);
    if (canForge) {
      sendForged({ address: '127.0.0.1', port: 0 }, port, buildQuery(www));
      sendForged({ address: '127.255.255.255', port: 53 }, port, buildQuery(www));
      await eventually('the datagram from port 0 is counted', async () => {
        const text = await (await fetch(`${director.http}/metrics`)).text();
        return /outcome="dropped-source"\} [1-9]/.test(text);
      });
    } else t.diagnostic('forged sources not tried: that needs root and perl');
    assert.equal((await askUdp(port, www)).answers.length, 1);
    assert.equal((await askTcp(port, [www, www]))[1]?.answers.length, 1);
    // Nothing is on its way any more, so what was received is what was counted.
    const received = await metric(director, 'meridian_dns_queries_total');
    const outcomes = await metric(director, 'meridian_dns_outcomes_total');
    assert.equal(outcomes, received);
    assert.ok(received > 1000, `${received} datagrams arrived`);
    assert.equal(await director.stop(), 0);
  });
});
