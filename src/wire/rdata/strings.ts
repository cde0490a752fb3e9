// Character strings (RFC 1035 §5.1): quotes, escapes and blanks between people and octets.

/**
 * Words of presentation form: split at blanks, except between quotes and after a backslash. A
 * quoted value belongs to the `key=` before it (RFC 9460 §2.1).
 */
export function splitWords(text: string): string[] {
  const word = /"(?:[^"\\]|\\.)*"?|(?:[^\s"\\]|\\.|\\$)+(?:(?<==)"(?:[^"\\]|\\.)*"?)?/gs;
  return text.match(word) ?? [];
}

/**
 * Octets of a character string, quoted or not: `\DDD` is one octet, a backslash before anything
 * else is that itself, and what is not ASCII becomes UTF-8. Undefined when quotes or escapes are
 * left open.
 */
export function readOctets(word: string): Uint8Array | undefined {
  const inner = /^("?)((?:[^"\\]|\\.)*)\1$/s.exec(word)?.[2];
  if (inner === undefined) return undefined;
  if (!inner.includes('\\')) return new TextEncoder().encode(inner);
  const octets: number[] = [];
  for (const [, digits, char] of inner.matchAll(/\\(\d{3})|\\?(.)/gsu)) {
    if (Number(digits) > 255) return undefined;
    if (char === undefined) octets.push(Number(digits));
    else octets.push(...new TextEncoder().encode(char));
  }
  return Uint8Array.from(octets);
}

/** A quoted string that `readOctets` reads back. */
export function quote(octets: Uint8Array): string {
  let text = '"';
  for (const octet of octets) {
    const char = String.fromCharCode(octet);
    if (char === '"' || char === '\\') text += `\\${char}`;
    else text += octet >= 32 && octet < 127 ? char : `\\${String(octet).padStart(3, '0')}`;
  }
  return `${text}"`;
}
