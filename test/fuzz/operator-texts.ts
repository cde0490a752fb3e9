// Texts of operators: record data, the main file and the files of regions.

import assert from 'node:assert/strict';
import { formatFault } from '../../src/model/fault.ts';
import { recordTypes, typeName } from '../../src/model/message.ts';
import { type DomainName, formatName, parseName, rootName } from '../../src/model/name.ts';
import { formatRdata, parseRdata } from '../../src/wire/rdata.ts';
import { checkText, regionText, shippedText } from '../support/config.ts';
import { pick } from './mutate.ts';
import type { Target } from './targets.ts';

const data = [
  '192.0.2.1',
  '2001:db8::1',
  '::ffff:192.0.2.1',
  'www.example.test.',
  '@',
  '10 mail',
  '"v=spf1 mx -all" "" "\\195\\164"',
  '0 0 5060 sip',
  '100 50 "s" "SIP+D2U" "" _sip._udp',
  '52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m',
  '"PDP-11" "UNIX"',
  '4 2 abcdef',
  '3 1 1 abcdef',
  '10 1 "https://example.net/"',
  '128 issue "ca.example.net; policy=ev"',
  '1 . alpn=h2,h3 port=8443 ipv4hint=192.0.2.1 mandatory=alpn,port ech="AAAA" key65280=abc',
  '0 target',
  '12345 13 2 abcdef',
  '\\# 4 c0000209',
  '\\# 0',
];

const words = [
  '\\',
  '"',
  '\\255',
  '\\256',
  '\\#',
  '.',
  '@',
  ' ',
  '(',
  ';',
  '\t',
  '65536',
  '-1',
  'é',
  '\0',
];

export function zoneTexts(): Target {
  const types = Object.values(recordTypes);
  const origin = parseName('example.test') as DomainName;
  return {
    name: 'record data',
    from: 'operators',
    corpus: data.map((text) => Buffer.from(text)),
    words: words.map((word) => Buffer.from(word)),
    inputs: 1000,
    longest: 70_000,
    feed(input, random) {
      const text = Buffer.from(input).toString();
      const name = parseName(text, origin);
      if (name !== undefined) assert.equal(parseName(written(name)), name, 'a name comes back');
      const type = pick(random, types);
      const rdata = parseRdata(type, text, origin);
      if (typeof rdata === 'string') return 'refused';
      const again = parseRdata(type, rdata.text, origin);
      assert.ok(
        typeof again === 'object',
        `${typeName(type)} ${rdata.text}: ${JSON.stringify(again)}`,
      );
      assert.deepEqual(again.wire, rdata.wire, 'data comes back');
      const shown = formatRdata(type, rdata.wire, 0, rdata.wire.length);
      assert.equal(shown, rdata.text, 'octets say the same');
      return typeName(type);
    },
  };
}

/** With its final dot, which the root is. */
function written(name: DomainName): string {
  return name === rootName ? '.' : `${formatName(name)}.`;
}

const yamlWords = [
  '&a',
  '*a',
  '<<: *a',
  '!!binary',
  '? ',
  '- ',
  ': ',
  '{',
  '[',
  '|',
  '"',
  "'",
  '#',
  '\t',
  '\n  ',
  '0s',
  '1e9',
  'null',
  'true',
  '-1',
  '@',
  '*',
  '__proto__: 1',
  '99999999999999999999',
].map((word) => Buffer.from(word));

export function configurations(): Target {
  const { main, regions } = shippedText();
  return files('the main file', main, (text) => ({ main: text, regions }));
}

export function regionFiles(): Target {
  const probed = `${regionText}probe: { http: "http://192.0.2.10/", status: [200], contains: ok }\n`;
  return files('files of regions', probed, (text) => ({ regions: { eu: text } }));
}

function files(
  name: string,
  text: string,
  configOf: (text: string) => Parameters<typeof checkText>[0],
): Target {
  return {
    name,
    from: 'operators',
    corpus: [Buffer.from(text)],
    words: yamlWords,
    inputs: 20,
    longest: 20_000,
    feed(input) {
      const checked = checkText(configOf(Buffer.from(input).toString()));
      if (checked.ok) return 'accepted';
      assert.ok(checked.faults.length > 0, 'refused without a fault');
      for (const fault of checked.faults)
        assert.match(formatFault(fault), /^[^:]+.*\([a-z.-]+\)$/s);
      return checked.faults[0]?.code ?? '';
    },
  };
}
