// Shares and counts as people write and read them.

/** `12.3 %`; a share that is not nothing never reads as nothing. */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.0005) return '< 0.1 %';
  return `${(share * 100).toFixed(1)} %`;
}

/** `1,234,567` */
export function formatCount(count: number): string {
  return String(Math.round(count)).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

/** Reads `5%` and `12.5 %` as shares; undefined for anything else. */
export function parseShare(text: string): number | undefined {
  const match = /^(\d{1,6}(?:\.\d{1,6})?) ?%$/.exec(text.trim());
  return match === null ? undefined : Number(match[1]) / 100;
}

/** Reads a plain number from 0 on; undefined for anything else. */
export function parseNumber(text: string): number | undefined {
  return /^\d{1,15}(?:\.\d{1,9})?$/.test(text.trim()) ? Number(text) : undefined;
}
