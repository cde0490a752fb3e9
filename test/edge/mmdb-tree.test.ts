import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type SearchTree, walkTree } from '../../src/edge/mmdb-tree.ts';

/** A tree of 24-bit records; `leaf(n)` is the record of data number n, `none` of no data. */
function treeOf(nodes: readonly (readonly [number, number])[], ipVersion: 4 | 6): SearchTree {
  const bytes = Buffer.alloc(nodes.length * 6);
  for (const [i, [left, right]] of nodes.entries()) {
    bytes.writeUIntBE(left, i * 6, 3);
    bytes.writeUIntBE(right, i * 6 + 3, 3);
  }
  return { bytes, nodeCount: nodes.length, recordSize: 24, ipVersion };
}

const walked = (tree: SearchTree, family: 4 | 6): number[][] =>
  [...walkTree(tree, family)].map(({ high, low, record }) => [high, low, record]);

test('ranges ascend and leave no gap; what the tree does not know has record 0', () => {
  const [none, leaf] = [2, 18];
  const tree = treeOf(
    [
      [1, leaf],
      [none, leaf + 1],
    ],
    4,
  );
  assert.deepEqual(walked(tree, 4), [
    [0, 0, 0],
    [0x40000000, 0, leaf + 1],
    [0x80000000, 0, leaf],
  ]);
  assert.deepEqual(walked(tree, 6), [[0, 0, 0]]);
});

test('of IPv6, 2000::/3 alone is walked', () => {
  const tree = treeOf(
    [
      [1, 30],
      [2, 31],
      [32, 33],
    ],
    6,
  );
  assert.deepEqual(walked(tree, 6), [
    [0, 0, 0],
    [0x20000000, 0, 33],
    [0x40000000, 0, 0],
  ]);
  assert.deepEqual(walked(tree, 4), [[0, 0, 32]]);
});

test('a tree that runs in a circle is walked no deeper than its addresses are long', () => {
  const ends = walked(treeOf([[0, 17]], 4), 4);
  assert.equal(ends.length, 33);
  assert.deepEqual(ends[0], [0, 0, 0]);
  assert.deepEqual(ends[1], [1, 0, 17]);
});
