// Markup: text that is HTML, kept apart from text that is not.

/** Only `html` makes one, so that nothing becomes markup which was not written as such. */
export interface Markup {
  readonly html: string;
}

export type Content = Markup | readonly Markup[] | string | number | undefined;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A template whose values are escaped, in elements and in quoted attributes alike. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  const texts = parts.map((part, i) => part + (i < values.length ? textOf(values[i]) : ''));
  return { html: texts.join('') };
}

/** The text with nothing in it that HTML reads as more than a character. */
export function escapeText(text: string): string {
  // What no document may hold (HTML §13.2.3.5), and what turns the order of text around.
  const plain = text.replaceAll(/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, ' ');
  return plain.replaceAll(/[&<>"']/g, (each) => entities[each] ?? each);
}

function textOf(value: Content): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  if (typeof value === 'string') return escapeText(value);
  return 'html' in value ? value.html : value.map((each) => each.html).join('');
}
