// How colours look: contrast, difference, and to eyes that see fewer of them.

type Rgb = readonly [red: number, green: number, blue: number];

/** Linear light of `#rrggbb`, 0 to 1 each. */
export function linearOf(colour: string): Rgb {
  const part = (at: number): number => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [part(1), part(3), part(5)];
}

/** Contrast ratio of WCAG 2.2, 1 to 21. */
export function contrastOf(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red, green, blue] = linearOf(colour);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Machado, Oliveira and Fernandes 2009, for eyes that lack one kind of cones altogether. */
export const visions: Readonly<Record<string, readonly Rgb[]>> = {
  trichromat: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanope: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranope: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanope: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** CIE 1976 difference of two colours as these eyes see them; about 2 is just noticed. */
export function differenceOf(one: string, other: string, vision: readonly Rgb[]): number {
  const [a, b] = [one, other].map((colour) => labOf(seenBy(vision, linearOf(colour))));
  return Math.hypot(...[0, 1, 2].map((i) => (a?.[i] ?? 0) - (b?.[i] ?? 0)));
}

function seenBy(vision: readonly Rgb[], [red, green, blue]: Rgb): Rgb {
  const [r = 0, g = 0, b = 0] = vision.map((row) =>
    Math.max(0, Math.min(1, row[0] * red + row[1] * green + row[2] * blue)),
  );
  return [r, g, b];
}

/** CIELAB under D65. */
function labOf([r, g, b]: Rgb): Rgb {
  const bend = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = bend((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
  const y = bend(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = bend((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
