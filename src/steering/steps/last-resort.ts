// Step `last-resort`: when no region is alive, answer by geography all the same, or as the operator says.

import type { Static } from 'typebox';
import { formatIp, type Ip, parseIp } from '../../model/ip.ts';
import { Type } from '../../schema.ts';
import { block, list, text } from '../../shape.ts';
import { type Race, type StepReader, stepKind, type ThinningStep } from '../step.ts';

const address = text('an IP address');
const addresses = list(address, 'a list of IP addresses');
const fixed = block({ ipv4: Type.Optional(addresses), ipv6: Type.Optional(addresses) });

const shape = block({
  answer: Type.Optional(
    Type.Union([Type.Literal('fail-open'), Type.Literal('nodata'), fixed], {
      description: 'fail-open, nodata, or a block of ipv4 and ipv6',
    }),
  ),
});

/** What is answered when no region is alive; addresses are an operator's own, such as those of a notice. */
export type LastWord = 'fail-open' | 'nodata' | readonly Ip[];

export const lastResortStep = stepKind({
  kind: 'last-resort',
  shape,
  isAlways: () => true,
  read: ({ answer = 'fail-open' }, reader): { readonly answer?: LastWord } => ({
    answer: readAnswer(answer, reader),
  }),
  prepare: ({ answer }) => prepareLastResort(answer),
});

function readAnswer(
  answer: NonNullable<Static<typeof shape>['answer']>,
  reader: StepReader,
): LastWord {
  if (typeof answer === 'string') return answer;
  const found = [...readIps(answer.ipv4, 4, reader), ...readIps(answer.ipv6, 6, reader)];
  if (!answer.ipv4?.length && !answer.ipv6?.length) {
    reader.refuse(['answer'], 'names no address: give it ipv4 or ipv6, or say nodata');
  }
  return found;
}

function readIps(texts: readonly string[] = [], family: 4 | 6, reader: StepReader): Ip[] {
  return texts.flatMap((written, i) => {
    const ip = parseIp(written);
    if (ip?.family === family && texts.indexOf(written) === i) return [ip];
    const words = ip?.family === family ? 'an address once' : `an IPv${family} address`;
    reader.refuse(['answer', `ipv${family}`, i], `got "${written}", want ${words}`);
    return [];
  });
}

/**
 * Fixed addresses also stand in where operators have taken out every region; `nodata` adds nothing
 * to that. What operators took out comes back under none of them.
 */
export function prepareLastResort(answer: LastWord = 'fail-open'): ThinningStep {
  return {
    name: 'last-resort',
    picksByNetwork: () => false,
    isAlike: () => true,
    apply(race): Race {
      if (race.tiers.length > 0) return race;
      if (answer === 'fail-open') return { ...race, tiers: race.reserve, isFailOpen: true };
      if (answer !== 'nodata') return { ...race, lastWord: answer };
      return race.reserve.length > 0 ? { ...race, lastWord: answer } : race;
    },
    describe(before, after) {
      if (before.tiers.length > 0) return 'not needed';
      if (Array.isArray(after.lastWord)) {
        const words = (after.lastWord as readonly Ip[]).map(formatIp).join(', ');
        return `no region is left, so the policy answers with ${words}`;
      }
      if (after.lastWord === 'nodata')
        return 'nothing is alive, and the policy answers nothing then';
      return after.tiers.length > 0
        ? 'nothing is alive, so geography alone decides'
        : 'operators have taken out every region';
    },
  };
}
