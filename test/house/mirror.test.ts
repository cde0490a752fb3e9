// The mirror law: a file of the program and its test are found by path.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSources } from '../support/source.ts';

const tests = new Set(readSources('test').map(({ path }) => path));

/** Files that only declare types have nothing to run. */
function hasCode(text: string): boolean {
  return /^export (?:default |async )?(?:function|const|class)\b|^await |^process\./m.test(text);
}

/**
 * Files whose behaviour is asserted through the door that they stand behind: what a table, a route
 * or a field does can only be seen there.
 */
const behind: Readonly<Record<string, string>> = {
  'src/wire/rdata/': 'test/wire/rdata.test.ts',
  'src/audit/': 'test/audit/verify.test.ts',
  'src/edge/log-lines.ts': 'test/edge/journal.test.ts',
  'src/director/record/log-tail.ts': 'test/director/record/recorder.test.ts',
  'src/director/record/changed-parts.ts': 'test/director/record/reloads.test.ts',
  'src/director/record/kinds.ts': 'test/house/audit.test.ts',
  'src/director/drills/': 'test/director/drills.test.ts',
  'src/compose/': 'test/compose.test.ts',
  'src/edge/http/': 'test/edge/http/server.test.ts',
  'src/edge/metric-': 'test/edge/metrics.test.ts',
  'src/edge/node-http.ts': 'test/house/loaded.test.ts',
  'src/edge/probe.ts': 'test/edge/probe-http.test.ts',
  'src/edge/redis-options.ts': 'test/edge/redis-link.test.ts',
  'src/edge/whole-file.ts': 'test/edge/files.test.ts',
  'src/config/master/steer': 'test/config/filed-zone.test.ts',
  'src/config/master/wishes.ts': 'test/config/filed-zone.test.ts',
  'src/config/master/alone.ts': 'test/cli/zone.test.ts',
  'src/config/master/': 'test/config/master/read.test.ts',
  'src/config/name-servers.ts': 'test/config/zone.test.ts',
  'src/model/table-builder.ts': 'test/model/record-table.test.ts',
  'src/config/drill-shape.ts': 'test/cli/drill-plan.test.ts',
  'src/config/reload.ts': 'test/config/check.test.ts',
  'src/config/region-shape.ts': 'test/config/shape.test.ts',
  'src/shape.ts': 'test/config/shape.test.ts',
  'src/cli/clients/sum.ts': 'test/cli/clients.test.ts',
  'src/cli/clients/top.ts': 'test/cli/clients.test.ts',
  'src/cli/page-file.ts': 'test/cli/simulation-file.test.ts',
  'src/cli/drill-progress.ts': 'test/cli/drill.test.ts',
  'src/cli/comparison-text.ts': 'test/cli/simulate.test.ts',
  'src/cli/wishes.ts': 'test/cli/simulate.test.ts',
  'src/cli/query-text.ts': 'test/cli/query.test.ts',
  'src/wire/notice.ts': 'test/director/transfer/notify.test.ts',
  'src/config/key.ts': 'test/config/secondary.test.ts',
  'src/director/transfer/opened.ts': 'test/director/transfer/signatures.test.ts',
  'src/edge/tcp-inbox.ts': 'test/edge/tcp.test.ts',
  'src/edge/tcp-stream.ts': 'test/edge/tcp.test.ts',
  'src/wire/octets.ts': 'test/wire/encode.test.ts',
  'src/director/gossip/json.ts': 'test/director/gossip/ballot.test.ts',
  'src/director/gossip/vote-json.ts': 'test/director/gossip/ballot.test.ts',
  'src/director/gossip/override-json.ts': 'test/director/gossip/ballot.test.ts',
  'src/director/gossip/report-json.ts': 'test/director/gossip/ballot.test.ts',
  'src/model/kept-ranges.ts': 'test/steering/kept-areas.test.ts',
  'src/director/kept-ground.ts': 'test/director/ground.test.ts',
  'src/director/gossip/measure-json.ts': 'test/director/gossip/ballot.test.ts',
  'src/model/self-report.ts': 'test/director/gossip/ballot.test.ts',
  'src/director/cookie-answer.ts': 'test/director/respond.test.ts',
  'src/director/clients/columns.ts': 'test/director/clients/busiest.test.ts',
  'src/director/counters.ts': 'test/director/respond.test.ts',
  'src/model/settings.ts': 'test/config/policy.test.ts',
  'src/model/webhook.ts': 'test/config/webhooks.test.ts',
  'src/config/http.ts': 'test/config/check.test.ts',
  'src/model/figure.ts': 'test/edge/told.test.ts',
  'src/config/figure.ts': 'test/config/load.test.ts',
  'src/model/drill-measure.ts': 'test/drill/measure.test.ts',
  'src/model/load.ts': 'test/director/snapshot.test.ts',
  'src/simulation/comparison.ts': 'test/simulation/compare.test.ts',
  'src/simulation/internet-users.ts': 'test/simulation/world.test.ts',
  'src/simulation/population.ts': 'test/simulation/row-builder.test.ts',
  'src/simulation/scopes.ts': 'test/simulation/replay.test.ts',
  'src/simulation/side.ts': 'test/simulation/replay.test.ts',
  'src/simulation/summary.ts': 'test/simulation/compare.test.ts',
  'src/simulation/tally.ts': 'test/simulation/replay.test.ts',
  'src/simulation/totals.ts': 'test/simulation/replay.test.ts',
  'src/page/drill/': 'test/page/drill/page.test.ts',
  'src/page/simulation/': 'test/page/simulation/page.test.ts',
  'src/safety/': 'test/safety/judge.test.ts',
  'src/cli/break-glass.ts': 'test/cli/drain.test.ts',
  'src/page/': 'test/page/document.test.ts',
  'src/authority/static-sets.ts': 'test/authority/print.test.ts',
  'src/steering/snapshot.ts': 'test/steering/decide.test.ts',
};

for (const { path } of readSources('src').filter((file) => hasCode(file.text))) {
  test(`${path} has its test`, () => {
    const door = Object.entries(behind).find(([start]) => path.startsWith(start))?.[1];
    const own = path.replace(/^src\//, 'test/').replace(/\.ts$/, '.test.ts');
    const wanted = door === undefined ? [own] : [own, door];
    assert.ok(
      wanted.some((each) => tests.has(each)),
      `none of ${wanted.join(', ')} exists`,
    );
  });
}
