// Text that somebody else wrote, made safe to print: one line, and nothing that a terminal would obey.

/**
 * Control characters, line and paragraph separators, invisible and direction-changing characters and
 * halves of surrogates become `\u{…}`: nothing is left out, and nothing is hidden.
 */
export function visible(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu,
    (each) => `\\u{${(each.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
