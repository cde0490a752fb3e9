// The CHAOS class: a server says of itself what its operator allows.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerChaos } from '../../src/authority/chaos.ts';
import { recordTypes } from '../../src/model/message.ts';
import { nameOf } from '../support/answers.ts';

const chaos = { version: 'Meridian "1"', id: 'eu-1' };

function ask(name: string, type: number = recordTypes.TXT, says: object = chaos): string {
  const told = { version: undefined, id: undefined, ...says };
  const { rcode, answers } = answerChaos(nameOf(name), type, { chaos: told });
  return [rcode, ...answers.flatMap(({ data }) => data.map(({ text }) => text))].join(' ');
}

test('version and id have two names each (RFC 4892 §3)', () => {
  for (const name of ['version.bind', 'version.server']) {
    assert.equal(ask(name), 'NOERROR "Meridian \\"1\\""');
  }
  for (const name of ['id.server', 'hostname.bind']) assert.equal(ask(name), 'NOERROR "eu-1"');
  assert.equal(ask('id.server', recordTypes.ANY), 'NOERROR "eu-1"');
});

test('what nobody configured, another name and another type are refused', () => {
  assert.equal(ask('id.server', recordTypes.TXT, { id: undefined }), 'REFUSED');
  assert.equal(ask('authors.bind'), 'REFUSED');
  assert.equal(ask('version.bind', recordTypes.A), 'REFUSED');
});
