// A running director and its master files: what changes in one is answered, what is faulty is not taken over.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askUdp } from '../support/ask.ts';
import { createConfigFolder, startDirectorProcess } from '../support/director-process.ts';
import { eventually } from '../support/eventually.ts';
import { regionText } from '../support/config.ts';
import { head } from '../support/master.ts';

const main = `
director: { id: solo, region: eu }
# Several threads change one after another, within moments.
dns: { workers: 1 }
zones:
  - { name: example.test, file: a.zone }
  - { name: sub.example.test, file: sub.zone }
`;

test('included files are watched, each change is taken over whole or not at all', async () => {
  using config = createConfigFolder(main, { eu: regionText });
  config.write('a.zone', `${head}$INCLUDE more.txt\nwww STEER nearest eu\nsub NS ns-eu.sub\n`);
  config.write('more.txt', 'mail 60 A 192.0.2.1\n');
  config.write('sub.zone', `${head}@ NS ns-eu\nmail 60 A 192.0.2.9\n`);
  await using director = await startDirectorProcess(config.main);
  const addressOf = async (name: string): Promise<string> => {
    const reply = await askUdp(director.dnsPort, { name: `${name}example.test` });
    return reply.answers.map(({ data }) => data).join(' ');
  };
  assert.equal(await addressOf('mail.'), '192.0.2.1');
  assert.equal(await addressOf('www.'), '192.0.2.10');
  assert.equal(await addressOf('mail.sub.'), '192.0.2.9');
  assert.equal(await addressOf('ns-eu.sub.'), '198.51.100.53');

  config.write('more.txt', 'mail 60 A 192.0.2.2\n');
  await eventually(
    'the change is answered',
    async () => (await addressOf('mail.')) === '192.0.2.2',
  );

  const refusals = () => director.logs().filter((entry) => entry['event'] === 'config.refused');
  config.write('more.txt', 'mail 60 A 192.0.2.3\nmail 60 CNAME www\n$INCLUDE again.txt\n');
  await eventually('the faults are told', () => refusals().length > 0);
  assert.match(String(refusals()[0]?.['where']), /more\.txt:\d:\d+$/);
  assert.equal(await addressOf('mail.'), '192.0.2.2');

  config.write('again.txt', 'web 60 A 192.0.2.5\n');
  config.write('more.txt', 'mail 60 A 192.0.2.4\n$INCLUDE again.txt\n');
  await eventually('the cure is answered', async () => (await addressOf('mail.')) === '192.0.2.4');
  assert.equal(await addressOf('web.'), '192.0.2.5');
});
