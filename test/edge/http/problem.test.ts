// Problem documents: each fault of the registry has one, and nothing else gets out.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerOf, faultOf, problemOf } from '../../../src/edge/http/problem.ts';
import { type FaultCode, FaultError, faultRegistry } from '../../../src/model/fault.ts';

test('every code of the registry makes a problem with an error status and a title', () => {
  for (const code of Object.keys(faultRegistry) as FaultCode[]) {
    const problem = problemOf({ code, message: 'words' });
    assert.ok(problem.status >= 400 && problem.status <= 599, code);
    assert.notEqual(problem.title, '');
    assert.equal(problem.type, `urn:meridian:fault:${code}`);
    assert.equal(problem.detail, 'words');
    assert.ok(!('field' in problem));
  }
});

test('the field is the path without its first slash, and left out when there is none', () => {
  const fault = { code: 'request.invalid', message: 'words' } as const;
  assert.equal(problemOf({ ...fault, path: '/for' }).field, 'for');
  assert.ok(!('field' in problemOf({ ...fault, path: '' })));
});

test('a fault among answers is thrown, an answer is given back', () => {
  const fault = { code: 'region.unknown', message: 'words' } as const;
  assert.throws(() => answerOf(fault), { name: 'FaultError' });
  const report = { region: 'eu-west' };
  assert.equal(answerOf(report), report);
});

test('faults and refusals of the framework are told, errors of ours are not', () => {
  const fault = { code: 'board.unreachable', message: 'words' } as const;
  assert.equal(faultOf(new FaultError(fault)), fault);
  const refusal = Object.assign(new Error('odd'), { code: 'FST_ERR_ODD', statusCode: 400 });
  assert.deepEqual(faultOf(refusal), { code: 'request.invalid', message: 'odd' });
  assert.equal(faultOf(Object.assign(new Error('odd'), { statusCode: 500 })), undefined);
  assert.equal(faultOf(new TypeError('undefined is not a function')), undefined);
  assert.equal(faultOf('a string'), undefined);
});
