// The Terraform modules that need no provider agree with the region files; layout and Terraform's own tests are in order.

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { parse } from 'yaml';
import { copyTree, lacksTerraform, root, terraform, terraformIn, tryTerraform } from './run.ts';

interface Addresses {
  readonly ipv4?: readonly string[];
  readonly ipv6?: readonly string[];
}

interface RegionFile extends Addresses {
  readonly title: string;
  readonly country: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly nameserver?: Addresses;
}

const copy = copyTree();
after(() => copy[Symbol.dispose]());
const fleet = join(copy.path, 'terraform/modules/fleet');
const planOnly = join(copy.path, 'terraform/examples/plan-only');

const regions = new Map<string, RegionFile>(
  readdirSync(join(root, 'regions'))
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => [file.slice(0, -5), parse(readFileSync(join(root, 'regions', file), 'utf8'))]),
);
const hosts = [...regions].flatMap(([id, { nameserver }]) =>
  nameserver === undefined ? [] : [{ id, nameserver }],
);

/** One part of each message that the faulty fixtures must bring up. */
const faults = [
  'north_sea.yaml: a region id has lower-case letters, digits and inner hyphens',
  'pole.yaml: latitude must be a number from -90 to 90',
  'text.yaml: latitude must be a number from -90 to 90',
  'antimeridian.yaml: longitude must be a number from -180 to 180',
  'nameless.yaml: title must be text that is not empty',
  'land.yaml: country must be two capital letters',
  'typo.yaml: wieght is not a known key',
  'octets.yaml: ipv4: 192.0.2.256 is not an IPv4 address',
  'swapped.yaml: ipv6: 192.0.2.1 is not an IPv6 address',
  'swapped.yaml: ipv6: ::ffff:192.0.2.1 is not an IPv6 address',
  'mirage.yaml: has no address to hand out',
  'passed-over.yml: would be passed over',
  'scalar.yaml: ipv4 must be a list of addresses',
  'glueless.yaml: nameserver needs at least one address',
  'misspelt.yaml: nameserver.ip6 is not a known key',
  'list.yaml: is not a YAML mapping',
];

test('every file has the canonical layout', (t) => {
  if (lacksTerraform(t)) return;
  terraform(join(root, 'terraform'), 'fmt', '-check', '-recursive', '-diff');
});

test("the fleet module's own tests pass", (t) => {
  if (lacksTerraform(t)) return;
  const text = terraformIn(fleet, 'test');
  t.diagnostic(text.trim().split('\n').at(-1) ?? '');
  assert.match(text, /Success! \d\d passed, 0 failed\./);
});

test('plan-only prints the delegation that the region files give', (t) => {
  if (lacksTerraform(t)) return;
  terraformIn(planOnly, 'apply', '-auto-approve');
  const printed = terraform(planOnly, 'output', '-raw', 'delegation');
  t.diagnostic(`\n${printed}`);
  const wanted = hosts.flatMap(({ id, nameserver }) => [
    `example.test. 3600 IN NS ns-${id}.example.test.`,
    ...(nameserver.ipv4 ?? []).map((it) => `ns-${id}.example.test. 3600 IN A ${it}`),
    ...(nameserver.ipv6 ?? []).map((it) => `ns-${id}.example.test. 3600 IN AAAA ${it}`),
  ]);
  const records = printed.split('\n').filter((line) => line !== '' && !line.startsWith(';'));
  assert.deepEqual(records.sort(), wanted.sort());
});

test('Terraform sees each region as the director does, and tells each director where it stands', (t) => {
  if (lacksTerraform(t)) return;
  terraformIn(
    fleet,
    'apply',
    '-auto-approve',
    '-var=regions_dir=../../../regions',
    '-var=zones=["example.test"]',
  );
  const outputs = JSON.parse(terraform(fleet, 'output', '-json'));

  const wanted = [...regions].map(([id, region]) => [
    id,
    {
      title: region.title,
      country: region.country,
      latitude: region.latitude,
      longitude: region.longitude,
      ipv4: region.ipv4 ?? [],
      ipv6: region.ipv6 ?? [],
      is_public: region.nameserver !== undefined,
      name_servers:
        region.nameserver === undefined ? {} : { 'example.test': `ns-${id}.example.test` },
      directors: region.nameserver === undefined ? [] : [`${id}-1`],
      cloud_region: null,
    },
  ]);
  assert.deepEqual(outputs.regions.value, Object.fromEntries(wanted));

  const observers = hosts.map(({ id }) => id).sort();
  for (const { id, nameserver } of hosts) {
    const director = outputs.directors.value[`${id}-1`];
    assert.deepEqual([director.ipv4], nameserver.ipv4);
    assert.deepEqual([director.ipv6], nameserver.ipv6);
    const settings = parse(director.config);
    assert.deepEqual(settings.director, { id: `${id}-1`, region: id });
    assert.deepEqual(settings.health, { observers });
  }
});

test('every fault in region files is told at once, with its file', (t) => {
  if (lacksTerraform(t)) return;
  const fixtures = join(root, 'terraform/modules/fleet/tests/fixtures/faulty');
  const faulty = join(copy.path, 'faulty');
  mkdirSync(faulty);
  for (const kind of readdirSync(fixtures)) {
    cpSync(join(fixtures, kind), faulty, { recursive: true });
  }
  terraform(planOnly, 'init', '-backend=false');
  const { status, text } = tryTerraform(planOnly, 'plan', `-var=regions_dir=${faulty}`);
  assert.equal(status, 1);
  const message = text.replaceAll(/\s+/g, ' ');
  for (const fault of faults) assert.ok(message.includes(fault), `${fault}\nis not in\n${text}`);
});
