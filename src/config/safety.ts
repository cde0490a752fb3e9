// The block `safety`: rules of `src/safety/`, each read by its own kind.

import type { Region, RegionId } from '../model/region.ts';
import type { RuleSettings, SafetySettings } from '../model/safety.ts';
import type { Settings } from '../model/settings.ts';
import type { RuleReader } from '../safety/rule.ts';
import { ruleKinds, ruleNames } from '../safety/rules.ts';
import { Type } from '../schema.ts';
import { block, list, text } from '../shape.ts';
import type { ConfigPath } from './document.ts';
import type { ValueReader } from './values.ts';

const breakGlass = block({
  configuration: text('the 12 digits of the configuration to leave', '^[0-9a-f]{12}$'),
  rules: list(text('the name of a rule'), 'a list of at least one rule', 1),
  reason: text('why'),
});

export const safetyShape = block({
  ...Object.fromEntries(ruleKinds.map(({ kind, shape }) => [kind, Type.Optional(shape)])),
  breakGlass: Type.Optional(breakGlass),
});

export function readSafety(
  value: unknown,
  regions: ReadonlyMap<RegionId, Region>,
  reader: ValueReader,
): Pick<Settings, 'safety'> {
  if (value === undefined) return {};
  const { part } = reader.part(safetyShape, value, ['safety']);
  const written = part as Readonly<Record<string, unknown>>;
  const rules = ruleKinds.flatMap(({ kind, read }): RuleSettings[] =>
    written[kind] === undefined
      ? []
      : [read(written[kind], readerAt(['safety', kind], regions, reader))],
  );
  const glass = written['breakGlass'] as SafetySettings['breakGlass'];
  for (const [i, rule] of (glass?.rules ?? []).entries()) {
    if (ruleNames.includes(rule)) continue;
    const at = ['safety', 'breakGlass', 'rules', i];
    reader.refuse(at, `there is no rule "${rule}", but ${ruleNames.join(', ')}`);
  }
  return { safety: glass === undefined ? { rules } : { rules, breakGlass: glass } };
}

function readerAt(
  at: ConfigPath,
  regions: ReadonlyMap<RegionId, Region>,
  reader: ValueReader,
): RuleReader {
  return {
    regions: new Set(regions.keys()),
    refuse: (path, message) => reader.refuse([...at, ...path], message),
    span: (words, path, min, max) => reader.span(words, [...at, ...path], min, min, max),
  };
}
