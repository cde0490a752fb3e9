// Packets as annotated hex: pairs of digits, with comments from `;` to the end of the line.

/** The octets that an annotated text spells; throws on anything that is not a pair of digits. */
export function fromHex(text: string): Uint8Array {
  const digits = text.replace(/;.*$/gm, '').replace(/\s+/g, '');
  if (!/^(?:[0-9a-f]{2})*$/i.test(digits)) throw new Error(`not hex: ${digits}`);
  return Uint8Array.from(Buffer.from(digits, 'hex'));
}

/** Digits without blanks, for comparisons that show where two packets differ. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
