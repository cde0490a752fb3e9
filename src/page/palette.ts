// The palette: what tells regions apart on a page, by colour, by shape and by a letter.

/**
 * Made for eyes that see fewer colours than most: Okabe and Ito, Color Universal Design, 2008. Their
 * black is white here, since maps are drawn on a dark ground in both colour schemes.
 */
export const regionColours = [
  '#e69f00',
  '#56b4e9',
  '#009e73',
  '#f0e442',
  '#0080c8',
  '#d55e00',
  '#cc79a7',
  '#f4f6f8',
] as const;

/** For regions beyond those. */
export const otherColour = '#66707d';

/** The ground that maps are drawn on. */
export const groundColour = '#0b1522';

/** How a region looks on a page: the same at every place. */
export interface Look {
  /** Names the colour in the style sheet. */
  readonly colour: string;
  /** Of `outlineOf`. */
  readonly shape: number;
  /** A letter, or two. */
  readonly letter: string;
}

/** Looks by region, for regions in the order of their importance. */
export function looksOf(regions: readonly string[]): ReadonlyMap<string, Look> {
  return new Map(
    regions.map((region, i) => {
      const colour = i < regionColours.length ? `c${i}` : 'cx';
      return [region, { colour, shape: i % shapes.length, letter: letterOf(i) }];
    }),
  );
}

/** For clients who are sent to no region, or to one that is not drawn. */
export const noLook: Look = { colour: 'cn', shape: 6, letter: '–' };

/** The outline of a mark around a point, as path commands in whole units. */
export function outlineOf(shape: number, x: number, y: number, radius: number): string {
  const r = Math.round(radius);
  const corners = shapes[shape % shapes.length] ?? square;
  const [first, ...rest] = corners.map(([dx, dy]) => [Math.round(dx * r), Math.round(dy * r)]);
  let [atX, atY] = [first?.[0] ?? 0, first?.[1] ?? 0];
  let path = `M${Math.round(x) + atX} ${Math.round(y) + atY}l`;
  const steps: string[] = [];
  for (const [toX = 0, toY = 0] of rest) {
    steps.push(`${toX - atX} ${toY - atY}`);
    [atX, atY] = [toX, toY];
  }
  path += steps.join(' ').replaceAll(' -', '-');
  return `${path}z`;
}

type Corners = readonly (readonly [x: number, y: number])[];

const square: Corners = [
  [-1, -1],
  [1, -1],
  [1, 1],
  [-1, 1],
];

/** Of about the same area, so that no region looks heavier. */
const shapes: readonly Corners[] = [
  square,
  [
    [0, -1.4],
    [1.4, 0],
    [0, 1.4],
    [-1.4, 0],
  ],
  [
    [0, -1.5],
    [1.5, 1.2],
    [-1.5, 1.2],
  ],
  [
    [0, 1.5],
    [-1.5, -1.2],
    [1.5, -1.2],
  ],
  [
    [-1.6, -0.7],
    [1.6, -0.7],
    [1.6, 0.7],
    [-1.6, 0.7],
  ],
  [
    [-0.7, -1.6],
    [0.7, -1.6],
    [0.7, 1.6],
    [-0.7, 1.6],
  ],
  [
    [1.5, 0],
    [-1.2, 1.5],
    [-1.2, -1.5],
  ],
  [
    [-1.5, 0],
    [1.2, -1.5],
    [1.2, 1.5],
  ],
];

/** A to Z, then AA and on. */
function letterOf(i: number): string {
  const letter = String.fromCharCode(65 + (i % 26));
  return i < 26 ? letter : letterOf(Math.floor(i / 26) - 1) + letter;
}
