// The part of a simulation's page on one service: its maps, who moves where, and what it costs.

import {
  type Cell,
  cellDegrees,
  type Move,
  type ServiceComparison,
  slowerBy,
} from '../../simulation/comparison.ts';
import { formatCount, formatShare } from '../../model/number.ts';
import type { Coordinates } from '../../model/place.ts';
import { barsOf } from '../bars.ts';
import type { Section } from '../document.ts';
import { formatChange } from '../figures.ts';
import { html, type Markup } from '../markup.ts';
import type { Look } from '../palette.ts';
import { foldedOf, keyOf, tableOf } from '../table.ts';
import { type Spot, worldMapsOf } from '../world-map.ts';

export interface Atlas {
  readonly looks: ReadonlyMap<string, Look>;
  /** Where regions stand. */
  readonly homes: ReadonlyMap<string, Coordinates>;
}

/** Rows of the longest tables. */
const most = 30;

/** `id` tells apart the services of one page. */
export function serviceSection(service: ServiceComparison, id: string, atlas: Atlas): Section {
  const { name, moved, clients, regions } = service;
  const words = html`${formatShare(moved)} of ${formatCount(clients)} clients are sent elsewhere than before. Each mark is where some of them are; its colour, its shape and the letter of the key say which region most of them are sent to. Letters stand where regions are.`;
  const shown = new Set(regions.map(({ region }) => region));
  const maps = worldMapsOf({
    id,
    titles: ['Before', 'After'],
    summary: mapSummary(service),
    spots: service.cells.map(spotOf),
    looks: atlas.looks,
    homes: new Map([...atlas.homes].filter(([region]) => shown.has(region))),
  });
  const tables = html`<div class="columns"><div>${shareBars(service, atlas)}</div><div>${moveTable(service.moves)}${costTable(service)}</div></div>`;
  return {
    heading: name,
    words,
    parts: [maps, tables, foldedOf('Countries', countryTable(service))],
  };
}

function mapSummary({ regions, moved }: ServiceComparison): string {
  const words = regions.map(({ region, before, after }) => {
    return `${region} ${formatShare(before)} before, ${formatShare(after)} after`;
  });
  return `world map of clients by region. ${words.join('; ')}. ${formatShare(moved)} move.`;
}

function spotOf({ latitude, longitude, share, before, after }: Cell): Spot {
  const half = cellDegrees / 2;
  return { latitude: latitude + half, longitude: longitude + half, share, before, after };
}

function shareBars({ regions }: ServiceComparison, { looks }: Atlas): Markup {
  const longest = Math.max(...regions.flatMap(({ before, after }) => [before, after]), 1e-9);
  return barsOf({
    caption: 'Share of clients: grey before, in colour after',
    head: ['Region', 'before', 'after'],
    rows: regions.map(({ region, before, after }) => ({
      name: region,
      look: looks.get(region),
      before: before / longest,
      after: after / longest,
      figures: [formatShare(before), formatShare(after)],
    })),
  });
}

function moveTable(moves: readonly Move[]): Markup {
  if (moves.length === 0) return html`<p>Nobody moves.</p>`;
  return tableOf({
    caption: 'Who moves, of all clients',
    head: ['From', 'to, and who they mostly are', 'share'],
    words: [0, 1],
    rows: moves.slice(0, most).map(({ from, to, share, countries, systems }) => {
      const parts = [...systems.slice(0, 2), ...countries.slice(0, 3)];
      const mostly = parts.map((part) => `${placeName(part.of)} ${formatShare(part.share)}`);
      const target = html`${to ?? 'nowhere'} <small>${mostly.join(', ')}</small>`;
      return [from ?? 'nowhere', target, formatShare(share)];
    }),
  });
}

function costTable({ distance, farther, slower, scopes, unlocated }: ServiceComparison): Markup {
  const km = (value: number | undefined): string =>
    value === undefined ? '–' : `${formatCount(value)} km`;
  const { before, after } = distance;
  const table = tableOf({
    caption: 'What it costs',
    head: ['', 'before', 'after'],
    rows: [
      ['Distance to the region, half of the clients within', km(before.median), km(after.median)],
      ['Distance, 95 % within', km(before.p95), km(after.p95)],
      [
        `More than ${formatCount(farther.km)} km farther than before`,
        '',
        formatShare(farther.share),
      ],
      [`More than ${formatCount(slower.ms)} ms slower than before`, '', formatShare(slower.share)],
      [
        'ECS scopes: answers a resolver may cache',
        formatCount(scopes.before),
        formatCount(scopes.after),
      ],
      ['Clients that GeoIP does not place', '', formatShare(unlocated)],
    ],
  });
  return html`${table}<p class="note">Milliseconds are of a round trip, ${slowerBy[slower.by]}.</p>`;
}

function countryTable({ countries }: ServiceComparison): Markup {
  const rest = countries.length - most;
  const table = tableOf({
    caption: 'Countries by their clients',
    head: ['Country', 'clients', 'move', 'most were sent to', 'most are sent to'],
    words: [0, 3, 4],
    rows: countries
      .slice(0, most)
      .map((each) => [
        placeName(each.country),
        formatShare(each.share),
        formatShare(each.moved),
        each.before ?? 'nowhere',
        each.after ?? 'nowhere',
      ]),
  });
  return rest > 0 ? html`${table}<p class="note">${rest} more are in the JSON.</p>` : table;
}

function placeName(place: string): string {
  return place === '' ? 'unknown' : place;
}

/** The key of all maps, with each region's whole share. */
export function keyTable(
  regions: readonly { readonly region: string; readonly before: number; readonly after: number }[],
  titles: ReadonlyMap<string, string>,
  looks: ReadonlyMap<string, Look>,
): Markup {
  return tableOf({
    caption: 'Regions, over all services',
    head: ['Region', 'before', 'after', 'points'],
    rows: regions.flatMap(({ region, before, after }) => {
      const look = looks.get(region);
      if (look === undefined) return [];
      const key = keyOf(look, region, titles.get(region));
      return [[key, formatShare(before), formatShare(after), formatChange(after - before)]];
    }),
  });
}
