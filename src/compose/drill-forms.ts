// A drill's report as a page and as Markdown, the same octets for the command line and over HTTP.

import { createHash } from 'node:crypto';
import type { DrillForms } from '../edge/http/app.ts';
import type { DrillReport } from '../model/drill.ts';
import { policyOf } from '../page/document.ts';
import { markdownOf } from '../page/drill/markdown.ts';
import { drillPage } from '../page/drill/page.ts';

export const drillForms: DrillForms = {
  // By the report alone: whoever asks twice for what has not changed gets the same.
  html: (report: DrillReport) => {
    const foot = `Made by Meridian from what the director ${report.director} tells of the drill ${report.id}.`;
    return drillPage(report, foot, digest);
  },
  markdown: (report) => `${markdownOf(report).join('\n')}\n`,
  // Of the header alone: no other site may show the page in a frame of its own.
  policy: `${policyOf(digest)}; frame-ancestors 'none'`,
};

/** As the policy of a page has it: SHA-256 in Base64. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
