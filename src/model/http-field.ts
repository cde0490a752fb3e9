// What may stand in an HTTP header.

/** RFC 9110 §5.1. */
export function isFieldName(text: string): boolean {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(text);
}

/** RFC 9110 §5.5. */
export function isFieldValue(text: string): boolean {
  return /^[\t -~\x80-\xff]*$/.test(text);
}
