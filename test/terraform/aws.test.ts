// The AWS modules hold together: the example is applied on a stand-in for its provider, its boot script on a stand-in for AWS.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { checkConfig } from '../../src/config/check.ts';
import { formatName } from '../../src/model/name.ts';
import { copyTree, lacksTerraform, root, terraform, terraformIn } from './run.ts';
import { standIn } from './stand-in.ts';

/** Arguments of one resource, as Terraform worked them out. */
type Inputs = Readonly<Record<string, unknown>>;

const copy = copyTree();
after(() => copy[Symbol.dispose]());
const example = join(copy.path, 'terraform/examples/aws-three-regions');
const regionIds = ['eu-west', 'us-east', 'ap-northeast'];
let applied: ReadonlyMap<string, Inputs> | undefined;

test('the example makes, in each region, directors that all may ask and a board that few may reach', (t) => {
  if (lacksTerraform(t)) return;
  const resources = apply();
  for (const id of regionIds) {
    const inside = `module.${id.replace('-', '_')}`;
    for (const name of [
      'aws_vpc_security_group_ingress_rule_director["dns-udp-0.0.0.0/0"]',
      'aws_vpc_security_group_ingress_rule_director["dns-udp-::/0"]',
      'aws_vpc_security_group_ingress_rule_director["dns-tcp-0.0.0.0/0"]',
      'aws_vpc_security_group_ingress_rule_director["dns-tcp-::/0"]',
      `aws_eip_association_director["${id}-1"]`,
      'aws_ssm_parameter_secrets',
    ]) {
      assert.ok(resources.has(`${inside}.${name}`), `${inside}.${name} is missing`);
    }
    const open = [...resources.keys()].filter((name) =>
      name.startsWith(`${inside}.aws_vpc_security_group_ingress_rule_`),
    );
    assert.equal(
      open.length,
      4 + 1 + 2,
      'nothing else is open: DNS, one API network, two for the board',
    );
    const board = resources.get(`${inside}.aws_elasticache_replication_group_board["board"]`);
    assert.equal(board?.['transit_encryption_enabled'], true);
    const boards = resources.get(`${inside}.aws_ssm_parameter_boards[0]`);
    assert.equal(String(boards?.['value']).split(',').length, regionIds.length);
  }
});

test('a director has an encrypted disk, IMDSv2, and leave to read its own two parameters only', (t) => {
  if (lacksTerraform(t)) return;
  const resources = apply();
  const instance = resources.get('module.us_east.aws_instance_director["us-east-1"]');
  assert.deepEqual(instance?.['metadata_options'], {
    http_endpoint: 'enabled',
    http_tokens: 'required',
    http_put_response_hop_limit: 1,
  });
  assert.deepEqual(instance?.['root_block_device'], {
    encrypted: true,
    kms_key_id: null,
    volume_type: 'gp3',
  });
  const policy = JSON.parse(
    String(resources.get('module.us_east.aws_iam_role_policy_director')?.['policy']),
  );
  assert.deepEqual(policy.Statement.length, 1);
  assert.deepEqual(policy.Statement[0].Action, ['ssm:GetParameter']);
  assert.equal(policy.Statement[0].Resource.length, 2);
});

test('the delegation has a record set for the name servers and for each of their address families', (t) => {
  if (lacksTerraform(t)) return;
  const inside = 'module.delegation["gtm.example.com"]';
  const resources = apply();
  assert.deepEqual(resources.get(`${inside}.aws_route53_record_name_servers`)?.['records'], [
    'ns-ap-northeast.gtm.example.com.',
    'ns-eu-west.gtm.example.com.',
    'ns-us-east.gtm.example.com.',
  ]);
  const glue = resources.get(
    `${inside}.aws_route53_record_glue["ns-us-east.gtm.example.com AAAA"]`,
  );
  assert.deepEqual(glue?.['records'], ['2001:db8:3::53']);
});

test('user data fits into 16 KiB, is a sound script and has no secret', (t) => {
  if (lacksTerraform(t)) return;
  const { packed, script } = userData();
  t.diagnostic(`${packed.length} octets`);
  assert.ok(packed.length < 16_384);
  const check = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' });
  assert.equal(check.status, 0, check.stderr);
  assert.doesNotMatch(script, /first-of-the-secrets|token-of-the-boards/);
  assert.match(script, /^User=meridian$/m);
  assert.match(script, /^AmbientCapabilities=CAP_NET_BIND_SERVICE$/m);
});

test('a director starts with the files of this repository and settings that it accepts', (t) => {
  if (lacksTerraform(t)) return;
  const files = [...userData().script.matchAll(/> '\/etc\/meridian\/(\S+)' <<< '([\w+/=]+)'/g)].map(
    (match) => ({
      path: match[1] ?? '',
      text: Buffer.from(match[2] ?? '', 'base64').toString('utf8'),
    }),
  );
  const main = files.find((file) => file.path === 'meridian.yaml');
  const regions = files.filter((file) => file !== main);
  assert.deepEqual(
    regions,
    readdirSync(join(root, 'regions'))
      .sort()
      .map((file) => ({
        path: `regions/${file}`,
        text: readFileSync(join(root, 'regions', file), 'utf8'),
      })),
  );
  assert.ok(main !== undefined);
  const environment = { MERIDIAN_SECRETS: 's'.repeat(16), MERIDIAN_REDIS: 'rediss://:p@localhost' };
  const read = { main, regions, secrets: new Map(), digest: '', modifiedAt: 0 };
  const checked = checkConfig(read, environment, () => '');
  assert.ok(checked.ok, JSON.stringify(checked, undefined, 2));
  assert.deepEqual(checked.value.director, { id: 'us-east-1', region: 'us-east' });
  assert.deepEqual(checked.value.health.observers, ['ap-northeast', 'eu-west', 'us-east']);
  assert.deepEqual(
    checked.value.zones[0]?.nameServers.map((server) => `${formatName(server.name)}.`),
    apply().get('module.delegation["gtm.example.com"].aws_route53_record_name_servers')?.[
      'records'
    ],
    'the zone has the name servers that its parent is told',
  );
});

test('a director gets its secrets at each start, and keeps the last ones through an outage', (t) => {
  if (lacksTerraform(t)) return;
  const { script } = userData();
  const cache = join(copy.path, 'cache');
  mkdirSync(cache);
  const fetch = (answers: boolean): number | null => fetchSecrets(script, cache, answers);

  assert.notEqual(fetch(false), 0, 'there is nothing to start with');
  assert.equal(fetch(true), 0);
  const environment = join(cache, 'environment');
  const wanted =
    'MERIDIAN_SECRETS=value of /meridian/us-east/secrets\n' +
    'MERIDIAN_REDIS=value of /meridian/us-east/boards\n';
  assert.equal(readFileSync(environment, 'utf8'), wanted);
  assert.equal(statSync(environment).mode & 0o777, 0o600);
  assert.equal(fetch(false), 0);
  assert.equal(readFileSync(environment, 'utf8'), wanted);
});

/** Applies the example, once, with every AWS resource replaced; gives inputs by address. */
function apply(): ReadonlyMap<string, Inputs> {
  if (applied !== undefined) return applied;
  for (const name of ['modules/aws-region', 'modules/delegation', 'examples/aws-three-regions']) {
    const folder = join(copy.path, 'terraform', name);
    for (const file of readdirSync(folder).filter((it) => it.endsWith('.tf'))) {
      const path = join(folder, file);
      writeFileSync(path, standIn(readFileSync(path, 'utf8')));
    }
  }
  const network = {
    vpc_id: 'vpc-1',
    public_subnet_ids: ['subnet-1', 'subnet-2'],
    private_subnet_ids: ['subnet-3'],
    board_cidrs: ['10.0.0.0/8'],
  };
  const variables = {
    networks: Object.fromEntries(regionIds.map((id) => [id, network])),
    allocation_ids: { 'eu-west-1': 'eipalloc-1' },
    package: { url: 'https://example.net/meridian.tar.gz', sha256: '0'.repeat(64) },
    api_cidrs: ['192.0.2.0/24'],
    secrets: 'first-of-the-secrets,second-of-the-secrets',
    board_auth_token: 'token-of-the-boards',
    delegate: true,
    parent_zone_id: 'Z1',
  };
  writeFileSync(join(example, 'given.auto.tfvars.json'), JSON.stringify(variables));
  const text = terraformIn(example, 'apply', '-auto-approve');
  assert.match(
    text.replaceAll(/\s+/g, ' '),
    /regions\/us-east\.yaml and apply again: us-east-1 has/,
  );
  applied = readState(JSON.parse(terraform(example, 'show', '-json')).values.root_module);
  return applied;
}

interface StateModule {
  readonly resources?: readonly { readonly address: string; readonly values: { input: Inputs } }[];
  readonly child_modules?: readonly StateModule[];
}

function readState(module: StateModule): Map<string, Inputs> {
  const here = (module.resources ?? []).map(
    (it) => [it.address.replace('terraform_data.', ''), it.values.input] as const,
  );
  const below = (module.child_modules ?? []).flatMap((child) => [...readState(child)]);
  return new Map([...here, ...below]);
}

function userData(): { packed: Buffer; script: string } {
  const instance = apply().get('module.us_east.aws_instance_director["us-east-1"]');
  const packed = Buffer.from(String(instance?.['user_data_base64']), 'base64');
  return { packed, script: gunzipSync(packed).toString('utf8') };
}

/** Runs the script that systemd runs before each start, with a parameter store that answers or does not. */
function fetchSecrets(userDataScript: string, cache: string, answers: boolean): number | null {
  const script = /meridian-environment <<'END'\n([\s\S]*?)\nEND\n/.exec(userDataScript)?.[1] ?? '';
  const bin = join(copy.path, 'bin');
  mkdirSync(bin, { recursive: true });
  const aws = answers ? 'echo "value of $6"' : 'exit 255';
  writeFileSync(join(bin, 'aws'), `#!/bin/bash\n${aws}\n`);
  chmodSync(join(bin, 'aws'), 0o755);
  const { status } = spawnSync('bash', ['-c', script], {
    env: { PATH: `${bin}:${process.env['PATH']}`, CACHE_DIRECTORY: cache },
  });
  return status;
}
