// A case: one rule of one clause, a query, and what must hold of the reply.

import { recordTypes } from '../../src/model/message.ts';
import { option, type QueryShape } from '../support/query.ts';

/** `send` is a query in dig's own words, or the octets of a message; `wants` are lines of README.md. */
export type Case = readonly [
  clause: string,
  rule: string,
  send: string | Uint8Array,
  ...wants: string[],
];

/** A query in dig's words, taken apart. */
export interface Ask {
  readonly shape: QueryShape;
  /** Bits of the header beside the opcode. */
  readonly flags: number;
  /** Where it is sent: `+tcp` is for TCP alone, `+ignore` for UDP alone. */
  readonly over: 'both' | 'udp' | 'tcp';
  /** Name, type and class. */
  readonly question: readonly [string, string, string];
  /** The words that begin with a plus, as dig and kdig know them. */
  readonly words: readonly string[];
}

const bits: Readonly<Record<string, number>> = {
  '+aaflag': 0x400,
  '+tcflag': 0x200,
  '+recurse': 0x100,
  '+raflag': 0x80,
  '+zflag': 0x40,
  '+adflag': 0x20,
  '+cdflag': 0x10,
};

const classes: Readonly<Record<string, number>> = { IN: 1, CH: 3, HS: 4, ANY: 255 };

/** `NAME [TYPE [CLASS]] [+WORD]…`. */
export function readAsk(text: string): Ask {
  const all = text.split(' ');
  const words = all.filter((word) => word.startsWith('+'));
  const [name = '', type = 'A', asClass = 'IN'] = all.filter((word) => !word.startsWith('+'));
  const valueOf = (key: string): string | undefined =>
    words.find((word) => word === key || word.startsWith(`${key}=`))?.slice(key.length + 1);
  const options = words.flatMap(optionOf);
  const ednsKeys = ['+edns', '+bufsize', '+dnssec', '+subnet'];
  const hasEdns = options.length > 0 || ednsKeys.some((key) => valueOf(key) !== undefined);
  const subnet = valueOf('+subnet');
  const edns = {
    udpSize: Number(valueOf('+bufsize') ?? 1232),
    version: Number(valueOf('+edns') || 0),
    wantsDnssec: words.includes('+dnssec'),
    options,
  };
  return {
    shape: {
      name,
      type: recordTypes[type as keyof typeof recordTypes] ?? Number(type.replace('TYPE', '')),
      class: classes[asClass] ?? Number(asClass.replace('CLASS', '')),
      opcode: Number(valueOf('+opcode') ?? 0),
      ...(hasEdns ? { edns } : {}),
      ...(subnet === undefined ? {} : { subnet }),
    },
    flags: words.reduce((sum, word) => sum | (bits[word] ?? 0), 0),
    over: words.includes('+tcp') ? 'tcp' : words.includes('+ignore') ? 'udp' : 'both',
    question: [name, type, asClass],
    words: hasEdns ? words : [...words, '+noedns'],
  };
}

function optionOf(word: string): Uint8Array[] {
  const [key = '', value = ''] = word.split('=');
  const octets = (hex = ''): number[] => [...Buffer.from(hex, 'hex')];
  switch (key) {
    case '+nsid':
      return [option(3, [])];
    case '+cookie':
      return [option(10, octets(value))];
    case '+keepalive':
      return [option(11, [])];
    case '+padding':
      return [option(12, [0, 0, 0, 0])];
    case '+ednsopt': {
      const [code, hex] = value.split(':');
      return [option(Number(code), octets(hex))];
    }
    default:
      return [];
  }
}
