// `meridian drain` and its kin: one command, seconds, no deploy.

import { FaultError } from '../model/fault.ts';
import { formatIp, parseIp } from '../model/ip.ts';
import { formatName, parseName } from '../model/name.ts';
import type { OverrideRequest } from '../model/override-request.ts';
import type { OverrideReport } from '../model/report.ts';
import { callDirector } from './client.ts';
import { type Command, exits, type Io, type Options, textOption } from './command.ts';
import { glassBody, glassOptions, glassQuery, glassUsage, tryWord } from './break-glass.ts';
import { directOptions, directUsage, sayWord } from './direct.ts';
import { partOf, standsOn, untilOf, wordOf } from './override-words.ts';

const partOptions = { service: { type: 'string' }, endpoint: { type: 'string' } } as const;
const actorOption = { actor: { type: 'string' } } as const;

export const drain: Command = {
  name: 'drain',
  usage: `REGION --reason TEXT [--service NAME | --endpoint ADDRESS] [--share 25%] [--for 1h | --permanent --confirm REGION] [--kind drain|down|up] [--actor NAME] [--dry-run] ${glassUsage} ${directUsage}`,
  summary:
    'Take a region, or a part of it, out of every answer of the fleet for a while; it ends by itself.',
  options: {
    ...directOptions,
    ...partOptions,
    ...actorOption,
    share: { type: 'string' },
    for: { type: 'string' },
    permanent: { type: 'boolean' },
    confirm: { type: 'string' },
    reason: { type: 'string' },
    kind: { type: 'string' },
    'dry-run': { type: 'boolean' },
    ...glassOptions,
  },
  words: [1, 1],
  async run([region = ''], options, io) {
    const reason = textOption(options, 'reason', '');
    if (reason === '') {
      io.err(
        'A reason is needed, such as --reason "disk swap": whoever is paged next will read it.',
      );
      return exits.usage;
    }
    const share = readShare(options);
    if (Number.isNaN(share)) {
      io.err('A share is a part of all clients, such as --share 25%.');
      return exits.usage;
    }
    const body = {
      region,
      kind: textOption(options, 'kind', 'drain'),
      actor: actorOf(options, io),
      reason,
      ...timeOf(options),
      ...partIn(options),
      ...(share !== undefined && { share }),
      ...glassBody(options),
    };
    if (options['dry-run'] === true) return tryWord(body, options, io);
    const give = (to: Options): Promise<OverrideReport> =>
      callDirector<OverrideReport>('/v1/overrides', to, io, { method: 'POST', body });
    return sayWord(options, io, give, (made) => tellMade(made, io));
  },
};

export const undrain: Command = {
  name: 'undrain',
  usage: `REGION [--service NAME | --endpoint ADDRESS] [--actor NAME] ${glassUsage} ${directUsage}`,
  summary: 'End the override that is in force on a region, or on a part of it.',
  options: { ...directOptions, ...partOptions, ...actorOption, ...glassOptions },
  words: [1, 1],
  async run([region = ''], options, io) {
    const wanted = { region, ...partIn(options) };
    const end = async (to: Options): Promise<OverrideReport> => {
      const all = await callDirector<OverrideReport[]>('/v1/overrides', to, io);
      const found = all.find((word) => word.isActive && isOn(word, wanted));
      if (found === undefined) {
        const message = `no override is in force on "${partOf(wanted)}"`;
        throw new FaultError({ code: 'override.unknown', message });
      }
      return endOverride(found.id, to, io, actorOf(options, io));
    };
    return sayWord(options, io, end, (ended) => tellEnded(ended, io));
  },
};

/** Ends it at the director of these options. */
export function endOverride(
  id: string,
  options: Options,
  io: Io,
  actor: string,
): Promise<OverrideReport> {
  const query = new URLSearchParams({ actor, ...glassQuery(options) });
  const path = `/v1/overrides/${encodeURIComponent(id)}?${query.toString()}`;
  return callDirector<OverrideReport>(path, options, io, { method: 'DELETE' });
}

export function tellEnded(ended: OverrideReport, io: Io): void {
  io.out(`${partOf(ended)}: ${wordOf(ended)} ended, ${standsOn(ended)}`);
  warnIfUnheard(ended, io);
}

/** Whoever is logged in, unless they say another name. */
export function actorOf(options: Options, { env }: Io): string {
  return textOption(options, 'actor', env['USER'] ?? env['LOGNAME'] ?? 'operator');
}

function tellMade(made: OverrideReport, io: Io): void {
  const until = untilOf(made, made.end);
  io.out(`${partOf(made)}: ${wordOf(made)} ${until}, ${standsOn(made)}; id ${made.id}`);
  warnIfUnheard(made, io);
  for (const name of made.withheld ?? []) {
    io.err(`Warning: ${name} has no region left for some or all of its clients until one returns.`);
  }
}

function warnIfUnheard({ posted, boards = 0 }: OverrideReport, io: Io): void {
  if (posted !== 0 || boards === 0) return;
  io.err(
    'Warning: no board took it, so that directors which do not ask this one hear of it only when a board is back; --direct tells each of them now.',
  );
}

type Part = Pick<OverrideRequest, 'region' | 'service' | 'endpoint'>;

function partIn(options: Options): Pick<Part, 'service' | 'endpoint'> {
  const { service, endpoint } = options;
  return {
    ...(typeof service === 'string' && { service }),
    ...(typeof endpoint === 'string' && { endpoint }),
  };
}

/** Names and IPv6 addresses are written in more than one way, but each director writes them in one. */
function isOn(word: OverrideReport, { region, service, endpoint }: Part): boolean {
  const name = parseName(service ?? '');
  const ip = parseIp(endpoint ?? '');
  return (
    word.region === region &&
    word.service === (name === undefined ? service : formatName(name)) &&
    word.endpoint === (ip === undefined ? endpoint : formatIp(ip))
  );
}

function timeOf(options: Options): Pick<OverrideRequest, 'for' | 'permanent' | 'confirm'> {
  const { confirm, permanent } = options;
  const given = options['for'];
  const span = typeof given === 'string' ? given : permanent === true ? undefined : '1h';
  return {
    ...(span !== undefined && { for: span }),
    ...(permanent === true && { permanent }),
    ...(typeof confirm === 'string' && { confirm }),
  };
}

/** NaN for what is no share; undefined without one. */
function readShare({ share }: Options): number | undefined {
  if (share === undefined) return undefined;
  const percent = /^(\d{1,3}(?:\.\d{1,4})?) ?%$/.exec(String(share))?.[1];
  return percent === undefined ? Number.NaN : Number(percent) / 100;
}
