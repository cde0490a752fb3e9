// Plays a conversation in virtual time: directors with real flows, boards that fail, clients that ask.

import assert from 'node:assert/strict';
import { assertCountersSum, resolver } from '../support/dns-stage.ts';
import { parseSpan } from '../../src/model/time.ts';
import type { ResolveReport } from '../../src/ports.ts';
import { anIp } from '../support/fleet.ts';
import { buildQuery } from '../support/query.ts';
import { type ReadReply, readReply } from '../support/reply.ts';
import { type Ensemble, type Player, raise } from './ensemble.ts';

/** What the last `ask` brought. */
interface Heard {
  readonly report: ResolveReport;
  readonly reply: ReadReply;
}

interface Play {
  readonly ensemble: Ensemble;
  heard: Heard | undefined;
  /** Networks and where they were sent, by the last `split`. */
  picks: ReadonlyMap<string, string>;
}

/** Plays every line; the first that fails is named with its number. */
export async function play(text: string): Promise<void> {
  const lines = text
    .split('\n')
    .map((line, i) => ({ number: i + 1, words: line.replace(/#.*/, '').trim() }));
  const spoken = lines.filter(({ words }) => words !== '');
  const first = spoken.findIndex(
    ({ words }) => !/^(regions?|observers|service|record|settle|boards)\b/.test(words),
  );
  const cast = spoken.slice(0, first).map(({ words }) => words);
  const ensemble = await raise(cast);
  const state: Play = { ensemble, heard: undefined, picks: new Map() };
  for (const { number, words } of spoken.slice(first)) {
    const [verb = '', ...rest] = words.split(/\s+/);
    const act = acts[verb];
    try {
      assert.ok(act, `nobody knows what "${verb}" means`);
      await act(state, rest);
    } catch (error) {
      throw new Error(
        `line ${number}: ${words}\n${error instanceof Error ? error.message : String(error)}`,
        { cause: error },
      );
    }
  }
  await ensemble[Symbol.asyncDispose]();
}

type Act = (play: Play, words: readonly string[]) => void | Promise<void>;

const acts: Readonly<Record<string, Act>> = {
  /** `at 20s`: lets time pass until then, counted from the start. */
  at: ({ ensemble }, [moment = '']) => ensemble.until(spanOf(moment)),
  /** `pass 20s` */
  pass: ({ ensemble }, [span = '']) => ensemble.pass(spanOf(span)),
  /** `vote eu: eu up, us down`: what the director in that region says from now on; `vote all: …`. */
  vote({ ensemble }, [whose = '', ...words]) {
    const observer = whose.replace(':', '');
    for (const player of observer === 'all' ? ensemble.living() : [ensemble.player(observer)]) {
      player.stage.say(words.join(' '));
    }
  },
  /** `director us`: who is asked from now on. */
  director: ({ ensemble }, [region = '']) => ensemble.turnTo(region),
  /** `stop us`: the director there dies. */
  stop: ({ ensemble }, [region = '']) => ensemble.stop(region),
  /** `start us`: it starts again with what it kept on disk. */
  start: ({ ensemble }, [region = '']) => ensemble.start(region),
  /** `board one down`, also `up` and `hung`. */
  board: ({ ensemble }, [name = '', state = '']) => ensemble.setBoard(name, state),
  /** `override drain eu for 10m by alice because disk swap` */
  async override({ ensemble }, words) {
    const said = /^(\w+) (\S+) for (\S+) by (\S+) because (.+)$/.exec(words.join(' '));
    assert.ok(said, 'want: override KIND REGION for SPAN by ACTOR because REASON');
    const [, kind = '', region = '', span = '', actor = '', reason = ''] = said;
    const request = { kind: kind as 'drain', region, for: span, actor, reason };
    const added = await ensemble.during(ensemble.current().stage.api.addOverride(request));
    assert.ok('id' in added, JSON.stringify(added));
  },
  /** `lift eu by bob` */
  async lift({ ensemble }, [region = '', , actor = '']) {
    const { api } = ensemble.current().stage;
    const word = api.overrides().find((each) => each.region === region && each.isActive);
    assert.ok(word, `no override on ${region}`);
    const ended = await ensemble.during(api.endOverride(word.id, actor));
    assert.ok('id' in ended, JSON.stringify(ended));
  },
  /** `ask www.example.test A from 192.0.2.53 subnet 81.2.69.0/24`; `ask everywhere …` asks all directors. */
  ask(state, words) {
    const isEverywhere = words[0] === 'everywhere';
    const said = (isEverywhere ? words.slice(1) : words).join(' ');
    const [, name = '', type = '', from = '', subnet] =
      /^(\S+) (\S+) from (\S+)(?: subnet (\S+))?$/.exec(said) ?? [];
    assert.notEqual(name, '', 'want: ask NAME TYPE from RESOLVER [subnet PREFIX]');
    const { ensemble } = state;
    const asked = isEverywhere ? ensemble.living() : [ensemble.current()];
    const heard = asked.map((player) => ask(player, name, type, from, subnet));
    for (const each of heard) assert.deepEqual(answersIn(each), answersIn(heard[0] as Heard));
    state.heard = heard[0];
  },
  /** `expect eu us ttl 10 scope 24`, `expect NXDOMAIN ttl 30`, `expect 192.0.2.25`, `expect nothing`. */
  expect({ heard, ensemble }, words) {
    assert.ok(heard, 'nobody has asked');
    const { report } = heard;
    const facts = words.findIndex((word) => /^(ttl|scope)$/.test(word));
    const said = facts < 0 ? words : words.slice(0, facts);
    assert.deepEqual(saidBy(report, ensemble), said);
    for (let i = facts; facts >= 0 && i < words.length; i += 2) {
      const fact = words[i] === 'ttl' ? report.ttl : report.scope;
      assert.equal(`${words[i]} ${fact}`, `${words[i]} ${words[i + 1]}`);
    }
  },
  /** `note no region is alive`: words of the extended error; `note none`. */
  note({ heard }, words) {
    const text = words.join(' ');
    if (text === 'none') assert.equal(heard?.report.note, undefined);
    else assert.ok(heard?.report.note?.includes(text), heard?.report.note);
  },
  /** `why us is out: drained by alice`: words of the explanation. */
  why({ heard }, words) {
    const text = heard?.report.trail?.text ?? '';
    assert.ok(text.includes(words.join(' ')), text);
  },
  /** `verdict us down`, with `kept` behind it where it is. */
  verdict({ ensemble }, [region = '', ...words]) {
    const report = ensemble.current().stage.api.regionHealth(region);
    assert.ok('verdict' in report);
    assert.equal([report.verdict, ...(report.isKept ? ['kept'] : [])].join(' '), words.join(' '));
  },
  /** `gossip isolated` */
  gossip({ ensemble }, [state]) {
    assert.equal(ensemble.current().stage.api.health().gossip, state);
  },
  /** `split www.example.test: eu 70% us 30%`: shares of 1,000 client networks, give or take 5. */
  split(state, [name = '', ...words]) {
    const picks = new Map<string, string>();
    for (let i = 0; i < 1000; i++) {
      const subnet = `81.${i >>> 4}.${(i & 15) << 4}.0/20`;
      const { report } = ask(
        state.ensemble.current(),
        name.replace(':', ''),
        'A',
        '192.0.2.53',
        subnet,
      );
      picks.set(subnet, report.regions.join(' '));
    }
    for (let i = 0; i < words.length; i += 2) {
      const share = [...picks.values()].filter((region) => region === words[i]).length / 10;
      const wanted = Number.parseFloat(words[i + 1] ?? '');
      assert.ok(Math.abs(share - wanted) <= 5, `${words[i]} has ${share}%`);
    }
    state.picks = picks;
  },
  /** `moved only from us`: asks again for all networks of the last split; others stay where they were. */
  moved(state, words) {
    const from = words.at(-1);
    const name = 'www.example.test';
    let moves = 0;
    for (const [subnet, before] of state.picks) {
      const after = ask(
        state.ensemble.current(),
        name,
        'A',
        '192.0.2.53',
        subnet,
      ).report.regions.join(' ');
      if (after === before) continue;
      assert.equal(before, from, `${subnet} moved from ${before} to ${after}`);
      moves++;
    }
    assert.equal(moves > 0, from !== 'nowhere');
  },
};

/** Asks by DNS and by HTTP, and holds one against the other. */
function ask(player: Player, name: string, type: string, from: string, subnet?: string): Heard {
  const { respond, api, counters } = player.stage;
  const shape = {
    name,
    type: type as 'A',
    edns: true,
    ...(subnet === undefined ? {} : { subnet }),
  } as const;
  const peer = anIp(from);
  const bytes = respond(buildQuery(shape), { ...resolver, address: peer });
  assert.ok(bytes, 'no reply');
  const reply = readReply(bytes);
  const report = api.resolve({ name, type, client: subnet, explain: true, peer });
  assert.ok(!('code' in report), JSON.stringify(report));
  const heard = { report, reply };
  assert.deepEqual(answersIn(heard), {
    status: report.status,
    answers: report.answers,
    scope: report.scope,
    note: report.note,
  });
  assertCountersSum(counters);
  return heard;
}

function answersIn({ reply }: Heard) {
  return {
    status: reply.rcode,
    answers: reply.answers.map(({ type, data, ttl }) => ({ type, data, ttl })),
    scope: reply.edns?.subnet?.scope ?? 0,
    note: reply.edns?.ede?.text,
  };
}

/** Regions where an answer was steered, a code where it went wrong, data otherwise. */
function saidBy({ status, answers, regions }: ResolveReport, { addressesOf }: Ensemble): string[] {
  if (status !== 'NOERROR') return [status];
  if (answers.length === 0) return ['nothing'];
  if (regions.length === 0) return answers.map(({ data }) => data);
  const data = answers.map((answer) => answer.data);
  assert.deepEqual(
    data,
    regions.flatMap((region) => addressesOf(region, answers[0]?.type ?? '')),
  );
  return [...regions];
}

function spanOf(text: string): number {
  const span = parseSpan(text);
  assert.notEqual(span, undefined, `"${text}" is no time`);
  return span ?? 0;
}
