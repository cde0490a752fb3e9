// Pages in a real browser: on a phone and on a wide screen, by day and by night.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { drillPage } from '../../src/page/drill/page.ts';
import { simulationPage } from '../../src/page/simulation/page.ts';
import { type Opened, type Screen, startBrowser, type TestBrowser } from '../support/browser.ts';
import { aReport } from '../support/comparison.ts';
import { contrastOf } from '../support/colour.ts';
import { wholeDrillReport } from '../support/drill-report.ts';
import { drill } from '../support/fake-api.ts';
import { listen, setStage } from '../support/http-stage.ts';

const owned = new AsyncDisposableStack();
let browser: TestBrowser;
let url: string;
let drillUrl: string;

before(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'meridian-page-'));
  owned.defer(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'page.html');
  const digest = (text: string): string => createHash('sha256').update(text).digest('base64');
  writeFileSync(path, simulationPage(aReport(), digest));
  url = pathToFileURL(path).href;
  const drillPath = join(folder, 'drill.html');
  writeFileSync(drillPath, drillPage(wholeDrillReport, 'Made by a test.', digest));
  drillUrl = pathToFileURL(drillPath).href;
  browser = owned.use(await startBrowser());
});

after(() => owned.disposeAsync());

const screens: Readonly<Record<string, Screen>> = {
  'a phone by day': { width: 360, height: 740, scheme: 'light' },
  'a phone by night': { width: 360, height: 740, scheme: 'dark' },
  'a wide screen by day': { width: 1920, height: 1080, scheme: 'light' },
  'a wide screen by night': { width: 1920, height: 1080, scheme: 'dark' },
};

/** Also what is folded away is looked at. */
async function openAll(screen: Screen, address = url): Promise<Opened> {
  const opened = await browser.open(address, screen);
  await opened.page.evaluate(
    "document.querySelectorAll('details').forEach((each) => { each.open = true; })",
  );
  return opened;
}

/** Every text that is seen, with its size and its colours; `ground` is the nearest one behind it. */
const readTexts = `(() => {
  const hex = (colour) => {
    const [r, g, b, a = '1'] = colour.match(/[\\d.]+/g) ?? [];
    if (a === '0' || r === undefined) return undefined;
    return '#' + [r, g, b].map((part) => Number(part).toString(16).padStart(2, '0')).join('');
  };
  const groundOf = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      const ground = hex(getComputedStyle(at).backgroundColor);
      if (ground !== undefined) return ground;
    }
    return '#ffffff';
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    if (node.textContent.trim() === '') continue;
    const style = getComputedStyle(element);
    const isDrawn = element instanceof SVGElement;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    found.push({
      text: node.textContent.trim().slice(0, 40),
      size: Number.parseFloat(style.fontSize),
      colour: hex(isDrawn ? style.fill : style.color),
      // Letters lie on marks and on maps, whose colours are tested where they are defined.
      ground: element.matches('.letter, .ink') ? undefined : groundOf(element),
      left: box.left, right: box.right,
      isScrolled: element.closest('.wide') !== null,
    });
  }
  return found;
})()`;

interface SeenText {
  readonly text: string;
  readonly size: number;
  readonly colour: string;
  readonly ground: string | undefined;
  readonly left: number;
  readonly right: number;
  readonly isScrolled: boolean;
}

function checkTexts(texts: readonly SeenText[], screen: Screen): void {
  assert.ok(texts.length > 200, `${texts.length} texts`);
  for (const { text, size, colour, ground, left, right, isScrolled } of texts) {
    assert.ok(size >= 12, `"${text}" has ${size} px`);
    assert.ok(isScrolled || (left >= 0 && right <= screen.width), `"${text}" is cut off`);
    if (ground === undefined) continue;
    const contrast = contrastOf(colour, ground);
    assert.ok(contrast >= 4.5, `"${text}": ${colour} on ${ground} is ${contrast.toFixed(2)}`);
  }
}

describe('a page on', { concurrency: false }, () => {
  const pages = [
    ['of a simulation', () => url],
    ['of a drill', () => drillUrl],
  ] as const;
  for (const [name, screen] of Object.entries(screens)) {
    for (const [what, address] of pages) {
      test(`${name} asks for nothing, fits, and can be read: ${what}`, async () => {
        const { page, noise } = await openAll(screen, address());
        assert.deepEqual(noise, []);
        const width = await page.evaluate('document.documentElement.scrollWidth');
        assert.equal(width, screen.width, 'nothing is wider than the screen');
        checkTexts(await page.evaluate<SeenText[]>(readTexts), screen);
        await page.close();
      });
    }
  }

  test('a drill draws what was seen beside what was predicted', async () => {
    const { page } = await openAll(screens['a phone by night'] ?? assert.fail(), drillUrl);
    const boxes = await page.evaluate<{ width: number; height: number; isGuess: boolean }[]>(
      `[...document.querySelectorAll('.plot path.line')].map((line) => {
        const { width, height } = line.getBoundingClientRect();
        return { width, height, isGuess: line.classList.contains('guess') };
      })`,
    );
    const guesses = boxes.filter(({ isGuess }) => isGuess);
    assert.equal(guesses.length, wholeDrillReport.steps.length);
    for (const { width, height } of guesses) assert.ok(width > 150 && height > 50);
    await page.close();
  });

  test('a wide screen has both maps beside each other, a phone one above the other', async () => {
    const place = `[...document.querySelectorAll('.map')].map((map) => {
      const { x, y, width, height } = map.getBoundingClientRect();
      return { x, y, width, height };
    })`;
    for (const [screen, isWide] of [
      ['a wide screen by day', true],
      ['a phone by day', false],
    ] as const) {
      const { page } = await openAll(screens[screen] ?? assert.fail());
      type Box = Record<'x' | 'y' | 'width' | 'height', number>;
      const [one, other] = await page.evaluate<Box[]>(place);
      assert.ok(one !== undefined && other !== undefined);
      assert.equal(one.y === other.y, isWide);
      assert.equal(one.x === other.x, !isWide);
      assert.ok(one.width > 280 && one.height > 100, `${one.width} × ${one.height}`);
      await page.close();
    }
  });
});

describe('what is painted', { concurrency: false }, () => {
  /** Colours of the map by the share of its pixels that have them, in a part of it. */
  async function paint(
    opened: Opened,
    map: number,
    part: readonly [number, number, number, number],
  ) {
    const shot = await opened.page.locator('.map').nth(map).screenshot();
    // The browser itself takes the picture apart: no other decoder is needed.
    const blank = await opened.page.context().newPage();
    const counts = await blank.evaluate<Record<string, number>>(`(async () => {
      const image = new Image();
      image.src = 'data:image/png;base64,${shot.toString('base64')}';
      await image.decode();
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [image.width, image.height];
      const context = canvas.getContext('2d');
      context.drawImage(image, 0, 0);
      const [x0, y0, x1, y1] = ${JSON.stringify(part)};
      const [left, top] = [Math.floor(x0 * image.width), Math.floor(y0 * image.height)];
      const [width, height] = [Math.floor((x1 - x0) * image.width), Math.floor((y1 - y0) * image.height)];
      const { data } = context.getImageData(left, top, width, height);
      const counts = {};
      for (let i = 0; i < data.length; i += 4) {
        const key = '#' + [data[i], data[i + 1], data[i + 2]].map((v) => v.toString(16).padStart(2, '0')).join('');
        counts[key] = (counts[key] ?? 0) + 4 / data.length;
      }
      return counts;
    })()`);
    await blank.close();
    return counts;
  }

  const whole = [0, 0, 1, 1] as const;
  // Parts of the map, from the north-west: in each live clients of the test's cities.
  const america = [0.05, 0.05, 0.4, 0.45] as const;
  const europe = [0.44, 0.02, 0.6, 0.3] as const;
  const asia = [0.62, 0.1, 0.95, 0.5] as const;
  const antarctic = [0.3, 0.97, 0.4, 1] as const;

  const ground = '#0b1522';
  const [orange, sky, green, yellow, blue, vermillion] = [
    '#e69f00',
    '#56b4e9',
    '#009e73',
    '#f0e442',
    '#0080c8',
    '#d55e00',
  ];

  test('each continent has its clients, in the colours of their regions', async () => {
    const opened = await browser.open(url, screens['a wide screen by day'] ?? assert.fail());
    const wanted = [
      ['America', america, [green, yellow]],
      ['Europe', europe, [orange, blue]],
      ['Asia', asia, [sky, vermillion]],
    ] as const;
    for (const [name, part, colours] of wanted) {
      const painted = await paint(opened, 0, part);
      for (const colour of colours) {
        assert.ok((painted[colour] ?? 0) > 0.01, `${name} lacks ${colour}: ${painted[colour]}`);
      }
      const foreign = colours.includes(green) ? sky : green;
      assert.ok((painted[foreign] ?? 0) < 0.001, `${name} has no ${foreign}`);
    }
    assert.ok(
      ((await paint(opened, 0, antarctic))[ground] ?? 0) > 0.9,
      'nobody lives in the south',
    );
    await opened.page.close();
  });

  test('after a region is lost its colour is gone, and another has its place', async () => {
    const opened = await browser.open(url, screens['a wide screen by night'] ?? assert.fail());
    const [first, second] = [await paint(opened, 0, europe), await paint(opened, 1, europe)];
    // Its letter still stands where it is.
    assert.ok((first[blue] ?? 0) > 4 * (second[blue] ?? 0), `${first[blue]}, ${second[blue]}`);
    assert.ok((second[orange] ?? 0) > 0.01);
    await opened.page.close();
  });

  test('a phone still shows eight colours on a map', async () => {
    const opened = await browser.open(url, screens['a phone by day'] ?? assert.fail());
    const painted = await paint(opened, 0, whole);
    const seen = [orange, sky, green, yellow, blue, vermillion, '#cc79a7', '#f4f6f8'];
    for (const colour of seen)
      assert.ok((painted[colour] ?? 0) > 0.0005, `${colour}: ${painted[colour]}`);
    await opened.page.close();
  });

  test('marks are as the picture says also on paper', async () => {
    const opened = await browser.open(url, screens['a wide screen by day'] ?? assert.fail());
    await opened.page.emulateMedia({ media: 'print' });
    assert.ok(((await paint(opened, 0, whole))[ground] ?? 0) > 0.2);
    const paper = await opened.page.evaluate('getComputedStyle(document.body).backgroundColor');
    assert.equal(paper, 'rgb(255, 255, 255)');
    await opened.page.close();
  });
});

test('a browser opens the report of a drill at the API itself, under the policy of its header', async (t) => {
  const port = await listen(t, setStage());
  const address = `http://127.0.0.1:${port}/v1/drills/${drill.id}`;
  const screen: Screen = { width: 1920, height: 1080, scheme: 'light' };
  const { page, noise } = await browser.open(address, screen);
  assert.deepEqual(noise, []);
  assert.equal(await page.evaluate('document.contentType'), 'text/html');
  assert.match(await page.title(), /^Drill of eu-west/);
  const ground = await page.evaluate(
    "getComputedStyle(document.querySelector('table')).borderCollapse",
  );
  assert.equal(ground, 'collapse', 'its style sheet is let be');
});
