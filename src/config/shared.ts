// What every director of a fleet must have alike, as one text, to tell directors on different settings apart.

/**
 * Settings that are each director's own: who and where it is, its ways to boards and peers, its
 * doors and what they say of it, what it counts of its clients, its copy of GeoIP data, how it takes a change. Their secrets stay out of a digest that anybody may read.
 */
const own = new Set([
  'director',
  'listen',
  'state',
  'gossip',
  'dns',
  'clients',
  'tls',
  'geo',
  'http',
  'webhooks',
  'log',
  'reload',
  'audit',
]);

/** How much a machine can do at a time. */
const ownInHealth = new Set(['probesInFlight']);

/**
 * As values and not as written, with keys in order: comments, spacing and the order of keys do not
 * count. Defaults are not filled in, so two releases that read the same files give the same text.
 */
export function sharedText(
  main: object,
  regions: ReadonlyMap<string, unknown>,
  tables: ReadonlyMap<string, unknown> = new Map(),
): string {
  const shared = without(own, main).map(([key, value]) => [
    key,
    key === 'health' && isObject(value) ? Object.fromEntries(without(ownInHealth, value)) : value,
  ]);
  const parts = [Object.fromEntries(shared), [...regions].sort(compareKeys)];
  // Without a table the text is that of releases that knew none.
  return canonical(tables.size === 0 ? parts : [...parts, [...tables].sort(compareKeys)]);
}

function without(keys: ReadonlySet<string>, of: object): [string, unknown][] {
  return Object.entries(of).filter(([key]) => !keys.has(key));
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? 'null';
  const pairs: [string, unknown][] = Object.entries(value);
  const members = pairs
    .sort(compareKeys)
    .map(([key, of]) => `${JSON.stringify(key)}:${canonical(of)}`);
  return `{${members.join(',')}}`;
}

function compareKeys([x]: readonly [string, unknown], [y]: readonly [string, unknown]): number {
  return x < y ? -1 : 1;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
