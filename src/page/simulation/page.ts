// A simulation as a page: what a change does to clients, and how fast.

import { formatCount, formatShare } from '../../model/number.ts';
import type { Coordinates } from '../../model/place.ts';
import type {
  Comparison,
  RegionComparison,
  ServiceComparison,
} from '../../simulation/comparison.ts';
import type { Drill } from '../../simulation/drill.ts';
import { barsOf } from '../bars.ts';
import { type Card, type Digest, documentOf, type Section } from '../document.ts';
import { formatTime } from '../figures.ts';
import { html, type Markup } from '../markup.ts';
import { type Look, looksOf } from '../palette.ts';
import { drillSection } from './drill.ts';
import { type Atlas, keyTable, serviceSection } from './service.ts';

export interface SimulationReport {
  /** What is changed, such as `eu-west is down`. */
  readonly change: string;
  readonly comparison: Comparison;
  /** What the configurations say of each region. */
  readonly places: ReadonlyMap<
    string,
    { readonly title: string; readonly coordinates: Coordinates }
  >;
  readonly drill?: Drill | undefined;
  /** When and from what it was made. */
  readonly foot: string;
}

export function simulationPage(report: SimulationReport, digest: Digest): string {
  const { change, comparison, places, drill, foot } = report;
  const { population, services } = comparison;
  const looks = looksOf(byImportance(comparison.regions));
  const homes = new Map(Array.from(places, ([id, { coordinates }]) => [id, coordinates]));
  const titles = new Map(Array.from(places, ([id, { title }]) => [id, title]));
  const atlas: Atlas = { looks, homes };
  const lead = html`What becomes of ${formatCount(population.clients)} clients (${population.source}) when each is decided for before and after, by the code that answers them.`;
  return documentOf(
    {
      title: `Simulation: ${change}`,
      lead,
      cards: cardsFor(comparison, drill),
      sections: [
        ...services.map((service, i) => serviceSection(service, `s${i}`, atlas)),
        regionSection(comparison, titles, looks),
        ...(drill === undefined ? [] : [drillSection(drill)]),
      ],
      foot,
    },
    digest,
  );
}

/** By the clients they have at either time: the largest have the clearest colours. */
function byImportance(regions: readonly RegionComparison[]): string[] {
  const size = ({ before, after }: RegionComparison): number => Math.max(before, after);
  return regions.toSorted((one, other) => size(other) - size(one)).map(({ region }) => region);
}

function cardsFor({ total, services, regions }: Comparison, drill: Drill | undefined): Card[] {
  const unwell = Math.max(0, ...services.map(unwellAfter));
  const fullest = Math.max(0, ...regions.map(({ load }) => load?.shareAfter ?? 0));
  const cards: Card[] = [
    { figure: formatShare(total.moved), words: 'of clients are sent elsewhere' },
    {
      figure: formatShare(total.farther.share),
      words: `end up more than ${formatCount(total.farther.km)} km farther away`,
    },
    { figure: formatShare(unwell), words: 'have no healthy answer' },
  ];
  if (fullest > 0) {
    cards.push({
      figure: formatShare(fullest),
      words: 'of its capacity is used in the fullest region',
    });
  }
  if (drill !== undefined) {
    const gone = drill.curve.left[90];
    const figure = gone === undefined ? '> 1 h' : formatTime(gone);
    cards.push({ figure, words: `until 90 % have left ${drill.region}` });
  }
  return cards;
}

function unwellAfter({ states }: ServiceComparison): number {
  const shares = Object.entries(states.after);
  return shares.reduce((sum, [state, share]) => (state === 'healthy' ? sum : sum + share), 0);
}

function regionSection(
  { regions, load }: Comparison,
  titles: ReadonlyMap<string, string>,
  looks: ReadonlyMap<string, Look>,
): Section {
  const table = keyTable(regions, titles, looks);
  const words = 'The letter, colour and shape of each are the same on all of the page.';
  if (load === undefined) return { heading: 'Regions', words, parts: [table] };
  return {
    heading: 'Regions',
    words: `${words} Loads are what the shares make of ${formatCount(load)} requests a second.`,
    parts: [
      html`<div class="columns"><div>${table}</div><div>${loadBars(regions, looks)}</div></div>`,
    ],
  };
}

/** Against capacity where that is known, which is where the line is. */
function loadBars(regions: readonly RegionComparison[], looks: ReadonlyMap<string, Look>): Markup {
  const known = regions.filter(({ load }) => load?.capacity !== undefined);
  if (known.length === 0) return html`<p>No region states a capacity.</p>`;
  const shares = known.flatMap(({ load }) => [load?.shareBefore ?? 0, load?.shareAfter ?? 0]);
  const longest = Math.max(1.05, ...shares);
  return barsOf({
    caption: 'Load against capacity: grey before, in colour after',
    head: ['Region', 'before', 'after'],
    rows: known.map(({ region, load }) => {
      const [before, after] = [load?.shareBefore ?? 0, load?.shareAfter ?? 0];
      const warning = after > 1 ? 'over capacity' : undefined;
      return {
        name: region,
        look: looks.get(region),
        before: before / longest,
        after: after / longest,
        figures: [formatShare(before), formatShare(after)],
        warning,
      };
    }),
    bound: { at: 1 / longest, words: 'what each region can take' },
  });
}
