// A real browser for tests of pages: it notes what pages say on their console and what they ask for.

import { execFileSync } from 'node:child_process';
import { type Browser, chromium, type Page } from 'playwright-core';

export interface Screen {
  readonly width: number;
  readonly height: number;
  readonly scheme: 'light' | 'dark';
}

/** A page in the browser; `noise` is whatever it printed, threw or asked for beside itself. */
export interface Opened {
  readonly page: Page;
  readonly noise: readonly string[];
}

export interface TestBrowser extends AsyncDisposable {
  open(url: string, screen: Screen): Promise<Opened>;
}

/** What keeps Chromium from asking anybody anything of its own accord. */
const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function startBrowser(): Promise<TestBrowser> {
  const executablePath = execFileSync('sh', ['-c', 'command -v chromium'], {
    encoding: 'utf8',
  }).trim();
  const browser: Browser = await chromium.launch({ executablePath, args });
  return {
    open: async (url, { width, height, scheme }) => {
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme: scheme,
      });
      const page = await context.newPage();
      const noise: string[] = [];
      page.on('console', (message) => noise.push(`console: ${message.text()}`));
      page.on('pageerror', (error) => noise.push(`error: ${error.message}`));
      page.on('request', (request) => {
        if (request.url() !== url) noise.push(`request: ${request.url()}`);
      });
      await page.goto(url);
      return { page, noise };
    },
    [Symbol.asyncDispose]: () => browser.close(),
  };
}
