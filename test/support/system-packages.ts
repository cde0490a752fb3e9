// Installs the programs that the tests drive and that npm has no package for; runs before the tests.

import { spawnSync } from 'node:child_process';

const isRoot = process.getuid?.() === 0;

/** A program that must be on the PATH, and the Debian package that brings it. */
const wanted = [
  {
    program: 'redis-server',
    debian: 'redis-server',
    why: 'gossip is tested over real Redis servers',
  },
  { program: 'dig', debian: 'bind9-dnsutils', why: "the README's examples ask with it" },
  { program: 'kdig', debian: 'knot-dnsutils', why: 'replies are read by a second decoder' },
  {
    program: 'unbound',
    debian: 'unbound',
    why: 'a real resolver is delegated to directors with it',
  },
  { program: 'nsd', debian: 'nsd', why: 'it stands by as a secondary of another make' },
  {
    program: 'named-compilezone',
    debian: 'bind9-utils',
    why: 'master files are read by BIND as well',
  },
  { program: 'openssl', debian: 'openssl', why: 'probes are tested against real certificates' },
  { program: 'chromium', debian: 'chromium', why: 'pages are looked at in a real browser' },
  // Nobody else may make a network, and its tests then do without.
  ...(isRoot
    ? [
        { program: 'ip', debian: 'iproute2', why: 'fleets are tested in networks of their own' },
        { program: 'socat', debian: 'socat', why: 'it carries packets between those networks' },
      ]
    : []),
];

const missing = wanted.filter(({ program }) => !isInstalled(program));
if (missing.length > 0) install(missing.map(({ debian }) => debian));
const absent = wanted.filter(({ program }) => !isInstalled(program));
for (const { program, debian, why } of absent) {
  console.error(
    `The tests need ${program}: ${why}. Install it, on Debian or Ubuntu with: apt-get install ${debian}`,
  );
}
process.exitCode = absent.length > 0 ? 1 : 0;

function isInstalled(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}

/** As root, or with a sudo that asks nothing; anywhere else the message above says what to do. */
function install(packages: readonly string[]): void {
  if (!isInstalled('apt-get')) return;
  const prefix = isRoot ? [] : ['sudo', '-n'];
  if (!isRoot && spawnSync('sudo', ['-n', 'true']).status !== 0) return;
  console.error(`Installing for the tests: ${packages.join(', ')}`);
  const run = (...args: readonly string[]): void => {
    const words = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args];
    spawnSync(words[0] ?? 'env', words.slice(1), { stdio: ['ignore', 'ignore', 'inherit'] });
  };
  // Package lists are often missing or old in containers, so they are fetched first.
  run('update', '-q');
  run('install', '-q', '-y', '--no-install-recommends', ...packages);
}
