// Times in a master file: seconds, or with BIND's units (`1h30m`).

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** RFC 2181 §8: 31 bits. */
const longest = 0x7fffffff;

/** Whole seconds; undefined for what is no time, or too long a one. */
export function parseTime(text: string): number | undefined {
  if (/^\d{1,10}$/.test(text)) return Number(text) <= longest ? Number(text) : undefined;
  if (!/^(?:\d{1,10}[smhdw])+$/i.test(text)) return undefined;
  let sum = 0;
  for (const [, count, unit = ''] of text.matchAll(/(\d+)([a-z])/gi)) {
    sum += Number(count) * (units[unit.toLowerCase()] as number);
  }
  return sum <= longest ? sum : undefined;
}
