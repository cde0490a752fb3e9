// Secrets: what is fetched from where, and that no fault repeats one.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type SecretFile, secretFilesIn } from '../../src/config/secret.ts';
import { faultsOf, mainText, settingsOf } from '../support/config.ts';

const digest = 'ab'.repeat(32);

/** A main file with one token, whose digest is kept so. */
const keeping = (kept: string): string =>
  `${mainText}http: { tokens: [{ sha256: ${kept}, scope: read }] }\n`;

const tokenOf = (kept: string, file?: SecretFile, env = {}): string | undefined => {
  const secrets = file === undefined ? {} : { 'a/b': file };
  const [token] = settingsOf({ main: keeping(kept), env, secrets }).http.tokens;
  return token !== undefined && 'sha256' in token ? token.sha256 : undefined;
};

test('a text, a variable and a file say the same', () => {
  assert.equal(tokenOf(digest), digest);
  assert.equal(tokenOf('{ env: TOKEN_1 }', undefined, { TOKEN_1: digest }), digest);
  for (const end of ['', '\n', '\r\n']) {
    assert.equal(tokenOf('{ file: a/b }', { text: digest + end }), digest);
  }
});

describe('a fault names the place and repeats nothing:', () => {
  const at = 'meridian.yaml:6:20: /http/tokens/0/sha256: ';
  const wish = 'want the SHA-256 of a token: 64 digits from 0 to f (config.value)';
  const kinds = `${wish.replace(' (config.value)', '')}, { env: NAME } or { file: PATH } (config.shape)`;
  const cases: readonly [string, string, string, { file?: SecretFile; A?: string }?][] = [
    ['another text', 'hunter2', `got something else, ${kinds}`],
    ['no text', '[hunter2]', `got something else, ${kinds}`],
    ['another key', '{ vault: hunter2 }', `got something else, ${kinds}`],
    ['two places', '{ env: A, file: b }', `got something else, ${kinds}`],
    [
      'a variable that is unset',
      '{ env: A }',
      'the environment variable A is not set (config.value)',
    ],
    [
      'a variable that is empty',
      '{ env: A }',
      'the environment variable A is not set (config.value)',
      { A: '' },
    ],
    [
      'a variable that holds another text',
      '{ env: A }',
      `the environment variable A holds something else, ${wish}`,
      { A: 'hunter2' },
    ],
    [
      'a file that cannot be read',
      '{ file: a/b }',
      'cannot read a/b: ENOENT: no such file or directory (config.value)',
      { file: { reason: 'ENOENT: no such file or directory' } },
    ],
    [
      'a file that holds another text',
      '{ file: a/b }',
      `the file a/b holds something else, ${wish}`,
      { file: { text: 'hunter2\n' } },
    ],
    [
      'a file that nobody has read',
      '{ file: a/b }',
      'cannot read a/b: nobody has read it (config.value)',
    ],
  ];
  for (const [what, kept, told, { file, ...env } = {}] of cases) {
    test(what, () => {
      const secrets = file === undefined ? {} : { 'a/b': file };
      assert.deepEqual(faultsOf({ main: keeping(kept), env, secrets }), [at + told]);
    });
  }
});

test('a file with two lines is no token of one', () => {
  const secrets = { 'a/b': { text: `${digest}\n${digest}\n` } };
  assert.equal(faultsOf({ main: keeping('{ file: a/b }'), secrets }).length, 1);
});

describe('the files that a main file names', () => {
  const filesIn = (text: string): string[] => secretFilesIn({ path: 'meridian.yaml', text });

  test('are found wherever secrets may stand, each once', () => {
    const main = `${keeping('{ file: token }')}gossip:
  boards:
    - { url: { file: /run/url }, tls: { ca: { file: ca.pem }, key: { file: key.pem } } }
    - { sentinel: { name: m, nodes: ["h:1"], password: { file: token } } }
  secrets: [{ file: secret }, { env: FILE }]
`;
    assert.deepEqual(filesIn(main), ['/run/url', 'ca.pem', 'key.pem', 'token', 'secret']);
  });

  test('are none in other blocks, in faulty ones and in no YAML', () => {
    const others = ['geo: { file: a }', 'http: { file: [a] }', 'http: { file: a, env: b }'];
    for (const text of [...others, 'gossip: [', 'file: a', 'file', '', '- file']) {
      assert.deepEqual(filesIn(text), [], text);
    }
  });
});
