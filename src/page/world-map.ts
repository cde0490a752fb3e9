// World maps: where clients are, one mark for each square of the globe, and where each square is sent.

import type { Coordinates } from '../model/place.ts';
import { html, type Markup } from './markup.ts';
import { type Look, noLook, outlineOf } from './palette.ts';
import { percent } from './place.ts';
import { mapSize, project } from './projection.ts';

/** A square of the globe, by its middle. */
export interface Spot extends Coordinates {
  /** Of all clients, 0 to 1: the larger, the larger its mark. */
  readonly share: number;
  /** Names in `looks`; null for nowhere. */
  readonly before: string | null;
  readonly after: string | null;
}

export interface WorldMaps {
  /** Tells apart several on one page: letters, digits and hyphens. */
  readonly id: string;
  readonly titles: readonly [before: string, after: string];
  /** What is seen, for who does not see it. */
  readonly summary: string;
  readonly spots: readonly Spot[];
  readonly looks: ReadonlyMap<string, Look>;
  /** Where regions stand. */
  readonly homes: ReadonlyMap<string, Coordinates>;
}

/** No outlines of land are drawn: the clients are the continents. */
export function worldMapsOf(maps: WorldMaps): Markup {
  const { id, titles, summary, spots } = maps;
  const largest = Math.max(...spots.map(({ share }) => share), Number.MIN_VALUE);
  const draw = (side: 'before' | 'after', some: readonly Spot[]): Markup =>
    drawSpots(some, (spot) => spot[side], largest, maps.looks);
  const still = spots.filter(({ before, after }) => before === after);
  const moved = spots.filter(({ before, after }) => before !== after);
  const homes = drawHomes(maps);
  // Whoever stays looks the same on both, and is drawn once; paler beside those who do not.
  const shared = `${id}-still`;
  const pale = moved.length > 0 ? 'pale' : 'plain';
  const before = html`<g id="${shared}">${draw('before', still)}</g>${draw('before', moved)}`;
  const after = html`<use href="#${shared}" class="${pale}"/>${draw('after', moved)}`;
  return html`<div class="maps">
${mapOf(titles[0], `${titles[0]}: ${summary}`, before, homes)}
${mapOf(titles[1], `${titles[1]}: ${summary}`, after, homes)}
</div>
`;
}

function mapOf(title: string, summary: string, spots: Markup, homes: readonly Markup[]): Markup {
  return html`<figure><figcaption>${title}</figcaption><svg class="map" role="img" aria-label="${summary}"><rect class="ground" width="100%" height="100%" rx="6"/><svg viewBox="-20 -20 ${mapSize.width + 40} ${mapSize.height + 40}" width="100%" height="100%">${spots}</svg><svg class="homes" x="1%" y="2.2%" width="98%" height="95.6%">${homes}</svg></svg></figure>`;
}

/** One path for each region: an element for each of thousands of marks would make pages slow. */
function drawSpots(
  spots: readonly Spot[],
  regionOf: (spot: Spot) => string | null,
  largest: number,
  looks: ReadonlyMap<string, Look>,
): Markup {
  const paths = new Map<Look, string[]>();
  for (const spot of spots) {
    const look = looks.get(regionOf(spot) ?? '') ?? noLook;
    const path = paths.get(look) ?? [];
    paths.set(look, path);
    const { x, y } = project(spot);
    // Shares differ by factors of thousands, and the smallest still is somebody.
    path.push(outlineOf(look.shape, x, y, 3 + 5 * (spot.share / largest) ** 0.25));
  }
  const drawn = Array.from(paths, ([{ colour }, path]) => {
    return html`<path class="${colour}" d="${path.join('')}"/>`;
  });
  return html`${drawn}`;
}

/** The narrowest map, in px, and the room that a letter takes on it. */
const narrow = { width: 320, height: 138, letter: 19 } as const;

/** Letters stand where regions do, pushed apart by as much as they need on the narrowest map. */
function drawHomes({ homes, looks }: WorldMaps): readonly Markup[] {
  const placed = Array.from(homes).flatMap(([region, coordinates]) => {
    const look = looks.get(region);
    if (look === undefined) return [];
    const { x, y } = project(coordinates);
    return [{ look, x: x / mapSize.width, y: y / mapSize.height, dx: 0, dy: 0 }];
  });
  for (let round = 0; round < 60; round++) {
    for (const [i, one] of placed.entries()) {
      for (const other of placed.slice(i + 1)) pushApart(one, other);
    }
  }
  return placed.map(({ look, x, y, dx, dy }) => {
    const [left, top] = [percent(x), percent(y)];
    return html`<svg x="${left}" y="${top}" overflow="visible"><g transform="translate(${Math.round(dx)} ${Math.round(dy)})"><circle class="home ${look.colour}" r="9"/><text class="letter" y="4.5" text-anchor="middle">${look.letter}</text></g></svg>`;
  });
}

interface Placed {
  readonly x: number;
  readonly y: number;
  dx: number;
  dy: number;
}

function pushApart(one: Placed, other: Placed): void {
  const right = (other.x - one.x) * narrow.width + other.dx - one.dx;
  const down = (other.y - one.y) * narrow.height + other.dy - one.dy;
  const apart = Math.hypot(right, down);
  if (apart >= narrow.letter) return;
  const push = (narrow.letter - apart) / 2;
  // Two at one place part sideways.
  const [toRight, toDown] = apart < 1e-6 ? [1, 0] : [right / apart, down / apart];
  one.dx -= toRight * push;
  one.dy -= toDown * push;
  other.dx += toRight * push;
  other.dy += toDown * push;
}
