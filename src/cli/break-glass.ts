// Safety rules on the command line: `--break-glass RULE --because TEXT`, and `--dry-run`.

import type { OverrideRequest } from '../model/override-request.ts';
import type { SafetyReport } from '../model/safety.ts';
import { callDirector } from './client.ts';
import { exits, type Io, type Options, textOption } from './command.ts';
import { at, urlsOf } from './direct.ts';

export const glassOptions = {
  'break-glass': { type: 'string', multiple: true },
  because: { type: 'string' },
} as const;

export const glassUsage = '[--break-glass RULE… --because TEXT]';

function rulesIn(options: Options): readonly string[] {
  const named = options['break-glass'];
  return Array.isArray(named) ? (named as readonly string[]) : [];
}

export function glassBody(options: Options): Pick<OverrideRequest, 'breakGlass'> {
  const rules = rulesIn(options);
  return rules.length === 0 ? {} : { breakGlass: { rules, reason: becauseOf(options) } };
}

export function glassQuery(options: Options): Record<string, string> {
  const rules = rulesIn(options);
  return rules.length === 0 ? {} : { breakGlass: rules.join(','), because: becauseOf(options) };
}

/** A reason of its own: why the word is given does not say why the rule does not matter. */
function becauseOf(options: Options): string {
  return textOption(options, 'because', '');
}

/** Asks what the rules would say; exit 1 where the word would not be taken. */
export async function tryWord(body: object, options: Options, io: Io): Promise<number> {
  const to = at(options, urlsOf(options)[0]);
  const request = { method: 'POST', body };
  const said = await callDirector<SafetyReport>('/v1/overrides?dryRun=1', to, io, request);
  const { checked, refusals, isAllowed } = said;
  for (const { rule, message } of refusals) io.out(`${rule}: ${message}`);
  const against = refusals.map(({ rule }) => rule);
  const fine = checked.filter((rule) => !against.includes(rule));
  if (fine.length > 0) io.out(`nothing against it: ${fine.join(', ')}`);
  if (checked.length === 0) io.out('no safety rule is set');
  io.out(isAllowed ? 'it would be taken' : 'it would be refused');
  return isAllowed ? exits.fine : exits.no;
}
