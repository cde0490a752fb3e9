// Terraform's files refer only to what is declared and declare only what is used: told without Terraform itself.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { type Block, entriesOf, labelsOf, mentions, readBlocks } from './hcl.ts';

const root = join(import.meta.dirname, '../../terraform');
const folders = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.tf') && !path.includes('.terraform/'))
  .map((path) => join(root, dirname(path)));
const modules = new Map([...new Set(folders)].map((folder) => [folder, readBlocks(folder, '.tf')]));

/** What each kind of reference looks like, and where its target is declared. */
const references: readonly { pattern: RegExp; declared: (blocks: readonly Block[]) => string[] }[] =
  [
    { pattern: /\bvar\.(\w+)/g, declared: (blocks) => labelsOf(blocks, 'variable') },
    { pattern: /\blocal\.(\w+)/g, declared: localsOf },
    { pattern: /\bmodule\.(\w+)/g, declared: (blocks) => labelsOf(blocks, 'module') },
    { pattern: /(?<![-\w])data\.(\w+)\.(\w+)/g, declared: (blocks) => labelsOf(blocks, 'data') },
    {
      pattern: /(?<!data\.)\b(aws_\w+)\.(\w+)/g,
      declared: (blocks) => labelsOf(blocks, 'resource'),
    },
  ];

/** Arguments of a module call that Terraform itself takes. */
const metaArguments = ['source', 'providers', 'for_each', 'count', 'depends_on'];

test('there are modules and examples to look at', () => {
  const names = [...modules.keys()].map((folder) => relative(root, folder)).sort();
  assert.deepEqual(names, [
    'examples/aws-three-regions',
    'examples/plan-only',
    'modules/aws-region',
    'modules/delegation',
    'modules/fleet',
  ]);
});

for (const [folder, blocks] of modules) {
  const name = relative(root, folder);

  test(`${name}: every reference is declared`, () => {
    for (const { pattern, declared } of references) {
      const unknown = [...mentions(blocks, pattern)].filter((it) => !declared(blocks).includes(it));
      assert.deepEqual(unknown, []);
    }
  });

  test(`${name}: every variable and local is used`, () => {
    for (const { pattern, declared } of references.slice(0, 2)) {
      const used = mentions(
        blocks.filter((block) => block.kind !== 'variable'),
        pattern,
      );
      assert.deepEqual(
        declared(blocks).filter((it) => !used.has(it)),
        [],
      );
    }
  });

  test(`${name}: module calls give what the module wants, and read what it offers`, () => {
    for (const call of blocks.filter((block) => block.kind === 'module')) checkCall(call, folder);
  });

  test(`${name}: templates get exactly the values they use`, () => {
    for (const entry of blocks.flatMap(entriesOf)) checkTemplate(entry.lines, folder);
  });
}

test('tests of the fleet module name things that exist', () => {
  const fleet = modules.get(join(root, 'modules/fleet')) ?? [];
  const runs = readBlocks(join(root, 'modules/fleet/tests'), '.tftest.hcl');
  assert.ok(runs.length > 40);
  for (const [kind, word] of [
    ['output', 'output'],
    ['variable', 'var'],
    ['check', 'check'],
  ] as const) {
    const named = mentions(runs, new RegExp(`(?<![.\\w])${word}\\.(\\w+)`, 'g'));
    assert.ok(named.size > 0);
    assert.deepEqual(
      [...named].filter((it) => !labelsOf(fleet, kind).includes(it)),
      [],
    );
  }
});

function localsOf(blocks: readonly Block[]): string[] {
  return blocks
    .filter((block) => block.kind === 'locals')
    .flatMap(entriesOf)
    .map((entry) => entry.name);
}

function checkCall(call: Block, folder: string): void {
  const entries = entriesOf(call);
  const source = entries.find((entry) => entry.name === 'source')?.lines[0]?.split('"')[1] ?? '';
  const target = modules.get(join(folder, source));
  assert.ok(target !== undefined, `${call.labels[0]}: nothing at ${source}`);
  const given = entries
    .map((entry) => entry.name)
    .filter((argument) => !metaArguments.includes(argument));
  const declared = labelsOf(target, 'variable');
  assert.deepEqual(
    given.filter((argument) => !declared.includes(argument)),
    [],
  );
  const wanted = target.filter(
    (block) =>
      block.kind === 'variable' && !entriesOf(block).some((entry) => entry.name === 'default'),
  );
  const missing = wanted.map((block) => block.labels[0] ?? '').filter((it) => !given.includes(it));
  assert.deepEqual(missing, []);

  const callers = modules.get(folder) ?? [];
  const read = mentions(callers, new RegExp(`\\bmodule\\.${call.labels[0]}\\.(\\w+)`, 'g'));
  assert.deepEqual(
    [...read].filter((it) => !labelsOf(target, 'output').includes(it)),
    [],
  );
}

function checkTemplate(lines: readonly string[], folder: string): void {
  const at = lines.findIndex((line) => line.includes('templatefile('));
  if (at < 0) return;
  const file = /\$\{path\.module\}\/([^"]+)"/.exec(lines[at] ?? '')?.[1] ?? '';
  const given = lines
    .slice(at + 1)
    .map((line) => /^ {4}(\w+) +=/.exec(line)?.[1])
    .filter((key) => key !== undefined);
  const template = readFileSync(join(folder, file), 'utf8');
  const loops = [...template.matchAll(/%\{ for (\w+), (\w+) in (\w+)/g)];
  const bound = loops.flatMap((loop) => loop.slice(1, 3));
  const used = [
    ...loops.map((loop) => loop[3] ?? ''),
    ...[...template.matchAll(/[$%]\{ ?(?:if )?(?:\w+\()?(\w+)/g)].map((match) => match[1] ?? ''),
  ].filter((word) => !['for', 'endfor', 'if', 'endif', ...bound].includes(word));
  assert.deepEqual([...new Set(used)].sort(), given.sort());
}
