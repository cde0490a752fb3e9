// Figures of a page in words for people: changes, spans of time.

/** A difference of shares, with its sign, in percentage points. */
export function formatChange(change: number): string {
  const points = (change * 100).toFixed(1);
  if (Number(points) === 0) return '±0.0';
  return change > 0 ? `+${points}` : `−${points.slice(1)}`;
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
