import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { formatIp, type Ip, ipv4, ipv6, isWithin } from '../../src/model/ip.ts';
import type { RegionId } from '../../src/model/region.ts';
import type { SteeringRule } from '../../src/model/settings.ts';
import { valueOf } from '../../src/model/ranges.ts';
import {
  flattenNetworks,
  layNumbers,
  numberNetworks,
  type Overlay,
  overlayAt,
} from '../../src/steering/overlay.ts';
import { anIp, aPrefix, aRegion } from '../support/fleet.ts';
import { naiveFacts, neighbours } from '../support/naive.ts';
import { arbitraryIp, arbitraryRules } from '../support/random-fleet.ts';

/** A rule for some networks, separated by spaces, told apart by the region it prefers. */
function aRule(networks: string, prefer: string): SteeringRule {
  return {
    networks: networks.split(' ').map(aPrefix),
    countries: [],
    prefer: [prefer as RegionId],
  };
}

function toEnd<T>(generator: Generator<void, T>): T {
  for (;;) {
    const step = generator.next();
    if (step.done === true) return step.value;
  }
}

function startOf(family: 4 | 6, { high, low }: Overlay): Ip {
  return family === 4 ? ipv4(high) : ipv6(high, low, 0, 0);
}

/** The overlays that start in a network, as `start what`: a region, `special`, or `-` for nothing. */
function told(within: string, ...rules: SteeringRule[]): string[] {
  const { ip, length } = aPrefix(within);
  return flattenNetworks(ip.family, rules).flatMap((over) => {
    const start = startOf(ip.family, over);
    const what = over.mark.rule?.prefer[0] ?? (over.mark.isSpecial ? 'special' : '-');
    return isWithin(start, { ip, length }) ? [`${formatIp(start)} ${what}`] : [];
  });
}

describe('networks laid over the address space', () => {
  test('a rule covers its network and no more', () => {
    assert.deepEqual(told('8.0.0.0/7', aRule('8.8.4.0/24', 'ash')), ['8.8.4.0 ash', '8.8.5.0 -']);
  });

  test('a network inside another wins, and the outer one goes on behind it', () => {
    const outer = aRule('8.8.0.0/16', 'ash');
    const inner = aRule('8.8.8.0/24', 'birch');
    const expected = ['8.8.0.0 ash', '8.8.8.0 birch', '8.8.9.0 ash', '8.9.0.0 -'];
    assert.deepEqual(told('8.0.0.0/7', outer, inner), expected);
    assert.deepEqual(told('8.0.0.0/7', inner, outer), expected);
  });

  test('networks that end together close together', () => {
    const rules = [aRule('8.8.0.0/16', 'ash'), aRule('8.8.255.0/24', 'birch')];
    assert.deepEqual(told('8.0.0.0/7', ...rules), ['8.8.0.0 ash', '8.8.255.0 birch', '8.9.0.0 -']);
  });

  test('of two rules for one network the first listed wins', () => {
    const rules = [aRule('8.8.8.0/24', 'ash'), aRule('8.8.8.0/24', 'birch')];
    assert.deepEqual(told('8.0.0.0/7', ...rules), ['8.8.8.0 ash', '8.8.9.0 -']);
  });

  test('special blocks are marked', () => {
    assert.deepEqual(told('10.0.0.0/7'), ['10.0.0.0 special', '11.0.0.0 -']);
    assert.deepEqual(told('2001:db8::/31'), ['2001:db8:: special', '2001:db9:: -']);
  });

  test('a rule for part or all of a special block makes that part an ordinary network', () => {
    assert.deepEqual(told('10.0.0.0/7', aRule('10.1.0.0/16', 'ash')), [
      '10.0.0.0 special',
      '10.1.0.0 ash',
      '10.2.0.0 special',
      '11.0.0.0 -',
    ]);
    assert.deepEqual(told('10.0.0.0/7', aRule('10.0.0.0/8', 'ash')), [
      '10.0.0.0 ash',
      '11.0.0.0 -',
    ]);
  });

  test('a rule around a special block leaves the block special', () => {
    assert.deepEqual(told('8.0.0.0/5', aRule('8.0.0.0/5', 'ash')), [
      '8.0.0.0 ash',
      '10.0.0.0 special',
      '11.0.0.0 ash',
    ]);
  });

  test('a rule may reach the end of the address space', () => {
    assert.deepEqual(told('255.255.255.0/24', aRule('255.255.255.255/32', 'ash')), [
      '255.255.255.255 ash',
    ]);
    assert.deepEqual(told('ffff:ffff::/32', aRule('ffff:ffff:ffff:ffff::/64', 'ash')), [
      'ffff:ffff:ffff:ffff:: ash',
    ]);
  });

  test('an IPv6 network longer than /64 covers its whole /64', () => {
    assert.deepEqual(told('2600::/16', aRule('2600:0:0:5::53/128', 'ash')), [
      '2600:0:0:5:: ash',
      '2600:0:0:6:: -',
    ]);
  });

  test('every address, at every edge, has the longest network around it', () => {
    const regions = ['ash', 'birch', 'cedar'].map((id) => aRegion(id));
    fc.assert(
      fc.property(
        arbitraryRules(regions),
        fc.constantFrom(4, 6),
        fc.array(arbitraryIp(), { minLength: 20, maxLength: 20 }),
        (rules, family, others) => {
          const table = flattenNetworks(family, rules);
          const starts = table.map((over) => startOf(family, over));
          const own = others.filter((ip) => ip.family === family);
          for (const ip of [...starts, ...starts.flatMap(neighbours), ...own]) {
            const expected = naiveFacts(ip, rules);
            assert.equal(overlayAt(table, ip).mark.rule, expected.rule, formatIp(ip));
            assert.equal(overlayAt(table, ip).mark.isSpecial, expected.isSpecial, formatIp(ip));
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test('overlays ascend from the first address', () => {
    const regions = [aRegion('ash')];
    fc.assert(
      fc.property(arbitraryRules(regions), fc.constantFrom(4, 6), (rules, family) => {
        const table = flattenNetworks(family, rules);
        assert.deepEqual([table[0]?.high, table[0]?.low], [0, 0]);
        for (const [i, over] of table.entries()) {
          const before = table[i - 1];
          if (before === undefined) continue;
          assert.ok(
            before.high < over.high || (before.high === over.high && before.low < over.low),
          );
        }
      }),
    );
  });

  test('numbers laid over them hold in between, and nowhere in a special block', () => {
    const rule = aRule('8.8.8.0/24 10.1.0.0/16', 'ash');
    const table = numberNetworks([aPrefix('8.0.0.0/7'), undefined, aPrefix('10.0.0.0/8')]);
    for (const kind of ['asn', 'network'] as const) {
      const laid = toEnd(layNumbers(flattenNetworks(4, [rule]), kind, table.v4));
      const at = (text: string): string => {
        const { mark } = overlayAt(laid, anIp(text));
        return `${mark[kind]} ${mark.rule?.prefer[0] ?? (mark.isSpecial ? 'special' : '-')}`;
      };
      assert.equal(at('7.255.255.255'), '0 -');
      assert.equal(at('8.0.0.0'), '1 -');
      assert.equal(at('8.8.8.8'), '1 ash');
      assert.equal(at('9.255.255.255'), '1 -');
      assert.equal(at('10.0.0.1'), '0 special');
      assert.equal(at('10.1.0.1'), '3 ash');
      assert.equal(at('11.0.0.0'), '0 -');
    }
  });

  test('of the networks of a table the longest counts, in both families', () => {
    const networks = ['8.0.0.0/8', '8.8.0.0/16', '2600::/16', '2600:0:0:5::/64'].map(aPrefix);
    const table = numberNetworks(networks);
    const at = (text: string): number => valueOf(table, anIp(text));
    assert.deepEqual(['8.1.1.1', '8.8.1.1', '9.1.1.1'].map(at), [1, 2, 0]);
    assert.deepEqual(['2600:1::', '2600:0:0:5::1', '2601::'].map(at), [3, 4, 0]);
  });
});
