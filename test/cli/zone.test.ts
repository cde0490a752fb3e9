import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { zone } from '../../src/cli/zone.ts';
import { copyExampleConfig } from '../support/director-process.ts';
import { makeFolder } from '../support/folder.ts';
import { head } from '../support/master.ts';
import { runIn } from '../support/terminal.ts';

describe('meridian zone check', () => {
  test('tells that a file is fine, with its steered names', async (t) => {
    const file = join(await makeFolder(t), 'a.zone');
    await writeFile(file, `${head}www STEER own eu us\n@ ALIAS www\n`);
    const run = await runIn(zone, ['check', file, '--origin', 'example.test']);
    assert.deepEqual(run, {
      code: 0,
      out: `${file} is fine: zone example.test, 2 record sets, 2 steered`,
      err: '',
    });
  });

  test('tells every fault, of records, of the zone and of steered names', async (t) => {
    const file = join(await makeFolder(t), 'a.zone');
    await writeFile(
      file,
      `$ORIGIN example.test.\n${head}a A x\nw STEER nearest eu short=x\nb NS b\n`,
    );
    const run = await runIn(zone, ['check', file]);
    assert.equal(run.code, 1);
    const lines = run.err.split('\n').map((line) => line.replace(file, '').split(': ')[0]);
    assert.deepEqual(lines, [':5:5', ':6:3', ' has 2 faults']);
  });

  test('asks which zone it is, where the file does not say', async (t) => {
    const file = join(await makeFolder(t), 'a.zone');
    await writeFile(file, head);
    const run = await runIn(zone, ['check', file]);
    assert.equal(run.code, 2);
    assert.match(run.err, /which zone is it\? Give --origin NAME/);
    assert.equal((await runIn(zone, ['check', file, '--origin', 'a..b'])).code, 2);
  });

  test('of no file, of nothing, and of another word is told apart', async () => {
    assert.equal((await runIn(zone, ['check', 'no/such.zone'])).code, 1);
    assert.equal((await runIn(zone, ['check'])).code, 2);
    assert.equal((await runIn(zone, ['dig', 'x'])).code, 2);
  });
});

describe('meridian zone print', () => {
  test("prints the repository's own zone, which checks and prints as the same", async (t) => {
    using config = copyExampleConfig();
    const printed = await runIn(zone, ['print', '--config', config.main]);
    assert.equal(printed.code, 0, printed.err);
    assert.match(
      printed.out,
      /^example\.test\. 3600 IN SOA .*\n(.*\n)*www\.example\.test\. 30 IN STEER nearest /,
    );
    const file = join(await makeFolder(t), 'a.zone');
    await writeFile(file, printed.out);
    assert.equal((await runIn(zone, ['check', file])).code, 0);
    const regions = 'director: { id: a, region: eu-west }\n';
    config.write('a.zone', printed.out);
    config.write('meridian.yaml', `${regions}zones: [{ name: example.test, file: a.zone }]\n`);
    const again = await runIn(zone, ['print', 'example.test.', '--config', config.main]);
    assert.deepEqual(again, printed);
  });

  test('asks which zone, where there are several or none of that name', async () => {
    using config = copyExampleConfig();
    const run = await runIn(zone, ['print', 'example.net', '--config', config.main]);
    assert.deepEqual(run, { code: 2, out: '', err: 'Which zone? There are: example.test' });
  });

  test('of faulty files tells the faults', async () => {
    assert.equal((await runIn(zone, ['print', '--config', 'no/such/file.yaml'])).code, 1);
  });
});

test('BIND reads a zone as we do', async (t) => {
  const folder = await makeFolder(t);
  const file = join(folder, 'a.zone');
  const records = String.raw`
a\.b\;c TXT "x;y" \"q\010 (
  "two \(lines" ) ; a comment
  3h1m A 192.0.2.1
$ORIGIN sub
x IN 5m MX 1 @
*.y 60 IN SRV 0 0 5060 sip
$TTL 2d
sip AAAA 2001:db8::1
z CAA 0 issue "ca.example.net"
_x URI 1 2 "https://a.b/"
n NAPTR 1 2 "u" "E2U+sip" "!^.*$!x!" .
t TYPE65280 \# 3 abCDef
h HTTPS 1 . alpn=h2,h3 port=8443
$INCLUDE more.zone
l LOC 42 21 54 N 71 06 18 W -24m 30m
`;
  await writeFile(join(folder, 'more.zone'), 'lab NS ns.lab\nns.lab A 192.0.2.53\r\n');
  await writeFile(file, head + records);
  const canonical = join(folder, 'bind.zone');
  const words = [
    '-q',
    '-i',
    'none',
    '-k',
    'ignore',
    '-F',
    'text',
    '-s',
    'full',
    '-o',
    canonical,
    'example.test',
    file,
  ];
  execFileSync('named-compilezone', words, { cwd: folder });
  const print = async (path: string): Promise<string> => {
    const main = `director: { id: a, region: eu }\nzones: [{ name: example.test, file: ${path} }]\n`;
    await writeFile(join(folder, 'meridian.yaml'), main);
    const run = await runIn(zone, ['print', '--config', join(folder, 'meridian.yaml')]);
    assert.equal(run.code, 0, run.err);
    return run.out;
  };
  const ours = await print('a.zone');
  assert.equal(ours.split('\n').length, 15);
  assert.equal(await print('bind.zone'), ours);
  // And BIND reads what we print.
  await writeFile(file, `${ours}\n`);
  execFileSync('named-compilezone', words, { cwd: folder });
  assert.equal(await print('bind.zone'), ours);
});
