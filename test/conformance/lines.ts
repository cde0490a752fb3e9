// Replies as lines, whoever decoded them, and whether they are what a case wants.

import assert from 'node:assert/strict';
import type { ReadEdns, ReadRecord, ReadReply } from '../support/reply.ts';

/** Types whose data our own reading of a reply shows as it is written in zone files. */
const shown = ['A', 'AAAA', 'NS', 'CNAME', 'PTR', 'MX', 'SRV', 'TXT', 'CAA', 'SOA'];

/** Stands for anything: what a case leaves open, and what a decoder cannot show. */
const open = '…';

/** `NOERROR aa tc`, then `answer NAME TTL TYPE DATA` and so on, as README.md tells. */
export function linesOf(reply: ReadReply): string[] {
  const { rcode, flags, edns } = reply;
  return [
    [rcode, flags.aa ? 'aa' : '', flags.tc ? 'tc' : ''].filter((word) => word !== '').join(' '),
    ...reply.answers.map((record) => `answer ${recordLine(record)}`),
    ...reply.authority.map((record) => `authority ${recordLine(record)}`),
    ...reply.additional.map((record) => `additional ${recordLine(record)}`),
    ...(edns === undefined ? [] : ednsLines(edns)),
  ];
}

function recordLine({ name, type, ttl, data }: ReadRecord): string {
  // dns2 neither escapes names nor tells octets beyond ASCII apart.
  const owner = /^[\w.*-]*$/.test(name) ? name : open;
  const isShown = shown.includes(type) && /^[ -~]*$/.test(data);
  return `${owner} ${ttl} ${type} ${isShown ? data : open}`;
}

function ednsLines(edns: ReadEdns): string[] {
  const { udpSize, version, subnet, ede } = edns;
  return [
    `opt ${version} ${udpSize}${edns.do ? ' do' : ''}`,
    ...(subnet === undefined
      ? []
      : [`subnet ${addressOf(subnet)}/${subnet.source}/${subnet.scope}`]),
    ...(ede === undefined ? [] : [`ede ${ede.code} ${ede.text}`.trim()]),
    ...edns.options.flatMap((code, i) => {
      const hex = edns.optionData[i] ?? '';
      if (code === 3) return `nsid ${Buffer.from(hex, 'hex').toString('latin1')}`;
      if (code === 10) return `cookie ${hex}`;
      if (code === 11) return `keepalive ${Number.parseInt(hex, 16)}`;
      if (code === 12) return `padding ${hex.length / 2}`;
      return code === 8 || code === 15 ? [] : `option ${code} ${hex}`;
    }),
  ];
}

function addressOf({ family, address }: NonNullable<ReadEdns['subnet']>): string {
  const octets = [...Buffer.from(address, 'hex')];
  if (family === 1) return [...octets, 0, 0, 0, 0].slice(0, 4).join('.');
  const groups = Array.from({ length: 8 }, (_, i) =>
    (((octets[2 * i] ?? 0) << 8) | (octets[2 * i + 1] ?? 0)).toString(16),
  );
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

/** First words of lines that come in sets: where a case names one, it names them all. */
const sets = [
  'answer',
  'authority',
  'additional',
  'opt',
  'subnet',
  'ede',
  'nsid',
  'cookie',
  'keepalive',
  'padding',
  'option',
];

/** Throws with both lists of lines when one is not what the other wants. */
export function assertWanted(got: readonly string[], wants: readonly string[], by: string): void {
  const complain = (what: string): never =>
    assert.fail(`${by}: ${what}\ngot:\n  ${got.join('\n  ')}\nwant:\n  ${wants.join('\n  ')}`);
  const [head = '', ...rest] = wants;
  if (head !== got[0]) complain(`begins with ${got[0]}`);
  for (const want of rest) {
    const set = want.replace(/^no /, '').split(' ')[0] ?? '';
    if (!sets.includes(set)) complain(`what is "${want}"?`);
  }
  for (const set of sets) {
    const ours = got.filter((line) => line.startsWith(`${set} `));
    if (rest.includes(`no ${set}`) && ours.length > 0) complain(`has ${ours[0]}`);
    const wanted = rest.filter((line) => line === set || line.startsWith(`${set} `));
    if (wanted.length === 0) continue;
    // The name of a set alone leaves all of it open.
    if (wanted.includes(set) && ours.length > 0) continue;
    const left = [...ours];
    for (const want of wanted) {
      const at = left.findIndex((line) => matches(line, want));
      if (at < 0) complain(`lacks ${want}`);
      left.splice(at, 1);
    }
    if (left.length > 0) complain(`has more: ${left[0]}`);
  }
}

/** Either side may leave a word open; what is wanted may also leave open how a word goes on. */
function matches(line: string, want: string): boolean {
  const [x, y] = [line.split(' '), want.split(' ')];
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    const [ours = '', theirs = ''] = [x[i], y[i]];
    // What stands last and is open goes to the end of the line.
    if (ours === open && (i === x.length - 1 || theirs === open)) return true;
    if (theirs === open && i === y.length - 1) return true;
    const isBegun = theirs.endsWith(open) && ours.startsWith(theirs.slice(0, -1));
    if (ours !== theirs && ours !== open && !isBegun) return false;
  }
  return true;
}
