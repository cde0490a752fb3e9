// A drill's report as a page in a file.

import { createClock } from '../edge/clock.ts';
import type { DrillReport } from '../model/drill.ts';
import { formatMoment } from '../model/time.ts';
import { drillPage } from '../page/drill/page.ts';
import { digest, writePage } from './page-file.ts';

export async function writeDrill(path: string, report: DrillReport): Promise<void> {
  const foot = `Made by meridian drill report at ${formatMoment(createClock().now())} from what the director ${report.director} tells of the drill ${report.id}.`;
  await writePage(path, drillPage(report, foot, digest));
}
