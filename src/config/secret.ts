// Secrets: as texts in the file, or fetched from where the file says that they are kept.

import type { Static } from 'typebox';
import { type ConfigPath, readDocument, type SourceFile } from './document.ts';
import type { keptSecret, SecretWish } from './shape.ts';
import type { ValueReader } from './values.ts';

export type KeptSecret = Static<ReturnType<typeof keptSecret>>;

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where secrets are fetched from. */
export interface Vault {
  readonly env: Environment;
  /** By their paths as the configuration writes them: what `secretFilesIn` has named. */
  readonly files: ReadonlyMap<string, SecretFile>;
}

/** What a file says, or in words why it could not be read. */
export type SecretFile = { readonly text: string } | { readonly reason: string };

/** The text of a secret without its final line break; no fault repeats it. */
export function readSecret(
  kept: KeptSecret,
  at: ConfigPath,
  { wish, pattern }: SecretWish,
  vault: Vault,
  reader: ValueReader,
): string | undefined {
  const { text, words } = fetchSecret(kept, vault);
  if (text !== undefined && new RegExp(pattern).test(text)) return text;
  reader.refuse(at, text === undefined ? words : `${words}, want ${wish}`);
  return undefined;
}

/** The text, and how to speak of it when there is none or it is not what is wanted. */
function fetchSecret(
  kept: KeptSecret,
  { env, files }: Vault,
): { readonly text: string | undefined; readonly words: string } {
  if (typeof kept === 'string') return { text: kept, words: 'got something else' };
  if ('env' in kept) {
    const text = env[kept.env];
    const isSet = text !== undefined && text !== '';
    const holds = isSet ? 'holds something else' : 'is not set';
    const words = `the environment variable ${kept.env} ${holds}`;
    return { text: isSet ? text : undefined, words };
  }
  const file = files.get(kept.file) ?? { reason: 'nobody has read it' };
  return 'text' in file
    ? { text: file.text.replace(/\r?\n$/, ''), words: `the file ${kept.file} holds something else` }
    : { text: undefined, words: `cannot read ${kept.file}: ${file.reason}` };
}

/** The blocks in which secrets may stand. */
const homes = ['gossip', 'http', 'dns', 'webhooks'] as const;

/**
 * Every file that the main file keeps a secret in, each once: whoever checks a configuration reads
 * them first, since this room reads none itself.
 */
export function secretFilesIn(main: SourceFile): string[] {
  // A large file takes long to parse, and few name any.
  if (!/\bfile\b/.test(main.text)) return [];
  const value = readDocument(main).document.value as Record<string, unknown> | null | undefined;
  const found = new Set<string>();
  for (const home of homes) collectFiles(value?.[home], found);
  return [...found];
}

function collectFiles(value: unknown, found: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  const entries = Object.entries(value);
  const [[key, path] = []] = entries;
  if (entries.length === 1 && key === 'file' && typeof path === 'string') found.add(path);
  else for (const [, inner] of entries) collectFiles(inner, found);
}
