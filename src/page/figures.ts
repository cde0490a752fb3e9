// Figures in words for people: shares, distances, spans of time.

/** `12.3 %`; small ones are not told as none. */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.0005) return '< 0.1 %';
  return `${(share * 100).toFixed(1)} %`;
}

/** A difference of shares, with its sign, in percentage points. */
export function formatChange(change: number): string {
  const points = (change * 100).toFixed(1);
  if (Number(points) === 0) return '±0.0';
  return change > 0 ? `+${points}` : `−${points.slice(1)}`;
}

/** With thin spaces between thousands. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replaceAll(/\B(?=(?:\d{3})+$)/g, '\u202f');
}

/** `2.5 s`, `1 min 12 s`, `1 h`; for what never comes, `never`. */
export function formatTime(millis: number): string {
  if (!Number.isFinite(millis)) return 'never';
  const total = Math.round(millis / 1000);
  if (total < 60) return millis < 10_000 ? `${(millis / 1000).toFixed(1)} s` : `${total} s`;
  const [minutes, seconds] = [Math.floor(total / 60), total % 60];
  if (minutes >= 60 && total % 3600 === 0) return `${total / 3600} h`;
  return seconds === 0 ? `${minutes} min` : `${minutes} min ${seconds} s`;
}
