// `npm run golden`: writes every golden explanation anew, for a person to read what changed.

import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { situations } from './situations.ts';
import { tell } from './told.ts';

const folder = dirname(fileURLToPath(import.meta.url));

for (const file of readdirSync(folder)) {
  if (/\.(txt|json)$/.test(file)) rmSync(join(folder, file));
}
for (const [name, situation] of Object.entries(situations)) {
  const { text, json } = tell(situation);
  writeFileSync(join(folder, `${name}.txt`), text);
  writeFileSync(join(folder, `${name}.json`), json);
}
console.log(`wrote ${Object.keys(situations).length} explanations; read them: git diff ${folder}`);
