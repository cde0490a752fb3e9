import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Fault, FaultError, faultRegistry, formatFault } from '../../src/model/fault.ts';

describe('a fault as one line', () => {
  const bare: Fault = { code: 'config.value', message: 'the TTL is 0' };
  const position = { file: 'meridian.yaml', line: 7, column: 3 };

  test('has the message and the code', () => {
    assert.equal(formatFault(bare), 'the TTL is 0 (config.value)');
  });

  test('begins with the position, then the field', () => {
    assert.equal(
      formatFault({ ...bare, path: '/zones/0/ttl', position }),
      'meridian.yaml:7:3: /zones/0/ttl: the TTL is 0 (config.value)',
    );
    assert.equal(
      formatFault({ ...bare, position }),
      'meridian.yaml:7:3: the TTL is 0 (config.value)',
    );
  });

  test('leaves out the field when it is the whole document', () => {
    assert.equal(formatFault({ ...bare, path: '' }), 'the TTL is 0 (config.value)');
  });
});

test('a fault that is thrown keeps the fault and its cause', () => {
  const cause = new Error('EACCES');
  const fault: Fault = { code: 'disk.write', message: 'var cannot be written' };
  const error = new FaultError(fault, cause);
  assert.ok(error instanceof Error);
  assert.equal(error.name, 'FaultError');
  assert.equal(error.message, 'var cannot be written (disk.write)');
  assert.equal(error.fault, fault);
  assert.equal(error.cause, cause);
});

describe('every fault in the registry', () => {
  for (const [code, { title, status }] of Object.entries(faultRegistry)) {
    test(`${code} has a well-formed code, a title of its own and an HTTP status`, () => {
      assert.match(code, /^[a-z]+\.[a-z]+(-[a-z]+)*$/);
      assert.match(title, /^[A-Z][^.]*[^. ]$/);
      assert.ok(status >= 400 && status <= 599);
      const sameTitle = Object.values(faultRegistry).filter((other) => other.title === title);
      assert.equal(sameTitle.length, 1);
    });
  }
});
