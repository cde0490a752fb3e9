// Which of several representations a client wants (RFC 9110 §12.5.1).

/**
 * The one of `offered`, media types such as `text/html`, that the client likes best, and of those that
 * it likes alike the first; undefined where it takes none. Ranges that make no sense are passed over, and
 * where there are no others, everything is fine.
 */
export function preferred<Type extends string>(
  accept: string | undefined,
  offered: readonly Type[],
): Type | undefined {
  const ranges = (accept ?? '').split(',').flatMap((text) => readRange(text) ?? []);
  if (ranges.length === 0) return offered[0];
  let best: { readonly type: Type; readonly quality: number } | undefined;
  for (const type of offered) {
    const quality = qualityOf(type, ranges);
    if (quality > (best?.quality ?? 0)) best = { type, quality };
  }
  return best?.type;
}

interface Range {
  /** `text/html`, `text/*` or `*` + `/*`, in small letters. */
  readonly type: string;
  /** 0 to 1; 0 is never. */
  readonly quality: number;
}

const token = "[!#$%&'*+.^_`|~0-9a-z-]+";
const range = new RegExp(`^(${token}/${token})((?:;[^;]*)*)$`);
const weight = /^q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;

/** Undefined for what is none, and for one that asks for a parameter that nothing here has. */
function readRange(text: string): Range | undefined {
  const found = range.exec(text.toLowerCase().replaceAll(/[ \t]/g, ''));
  if (found === null) return undefined;
  const [, type = '', rest = ''] = found;
  let quality = 1;
  for (const parameter of rest.split(';').filter((each) => each !== '')) {
    const q = weight.exec(parameter)?.[1];
    if (q !== undefined) quality = Number(q);
    else if (!/^charset="?utf-8"?$/.test(parameter)) return undefined;
  }
  return { type, quality };
}

/** By the most specific range that fits, wherever it stands. */
function qualityOf(type: string, ranges: readonly Range[]): number {
  const main = type.split('/', 1)[0] ?? '';
  for (const name of [type, `${main}/*`, '*/*']) {
    const found = ranges.find((each) => each.type === name);
    if (found !== undefined) return found.quality;
  }
  return 0;
}
