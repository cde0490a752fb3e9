// The frame of a page: what the browser must know and may not do, the style sheet, the headings.

import { type Content, html, type Markup } from './markup.ts';
import { styleSheet } from './style.ts';

export interface Page {
  readonly title: string;
  /** In a sentence or two. */
  readonly lead: Content;
  readonly cards: readonly Card[];
  readonly sections: readonly Section[];
  /** What it was made by, from what and when. */
  readonly foot: Content;
}

/** SHA-256 in Base64. */
export type Digest = (text: string) => string;

/** Content Security Policy Level 3: nothing may be fetched or run, and no style but the one sheet, by its digest. */
export function policyOf(digest: Digest): string {
  return (
    `default-src 'none'; style-src 'sha256-${digest(styleSheet)}'; ` +
    "base-uri 'none'; form-action 'none'"
  );
}

/**
 * A whole document. `policyOf` is its own policy, so that it is as harmless in a file as over HTTP.
 */
export function documentOf({ title, lead, cards, sections, foot }: Page, digest: Digest): string {
  const { html: text } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(digest)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${{ html: styleSheet }}</style>
</head>
<body>
<header><h1>${title}</h1><p class="lead">${lead}</p>
<nav aria-label="Sections"><ul>${sections.map(linkOf)}</ul></nav></header>
<main>
${cardsOf(cards)}${sections.map(sectionOf)}</main>
<footer><p>${foot}</p></footer>
</body>
</html>
`;
  return text;
}

/** A part of the page with its heading and a sentence or two on what is seen. */
export interface Section {
  readonly heading: string;
  readonly words: Content;
  readonly parts: readonly Markup[];
}

function linkOf({ heading }: Section, index: number): Markup {
  return html`<li><a href="#part-${index}">${heading}</a></li>`;
}

function sectionOf({ heading, words, parts }: Section, index: number): Markup {
  return html`<section id="part-${index}">
<h2>${heading}</h2>
<p>${words}</p>
${parts}
</section>
`;
}

/** A figure that says much, large. */
export interface Card {
  readonly figure: string;
  readonly words: string;
}

function cardsOf(cards: readonly Card[]): Markup {
  const items = cards.map(({ figure, words }) => {
    return html`<li><strong>${figure}</strong> <span>${words}</span></li>`;
  });
  return html`<ul class="cards">${items}</ul>
`;
}
