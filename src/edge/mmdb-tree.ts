// The search tree of a MaxMind DB file: every range of addresses with the number of its record.

/** The tree's place in the file and its shape (MaxMind DB format 2.0, "Binary Search Tree Section"). */
export interface SearchTree {
  readonly bytes: Buffer;
  readonly nodeCount: number;
  /** Bits in each of a node's two records: 24, 28 or 32. */
  readonly recordSize: number;
  readonly ipVersion: number;
}

/** A range starts at these top 64 bits and ends before the next; record 0 says nothing of it. */
export interface TreeRange {
  readonly high: number;
  readonly low: number;
  readonly record: number;
}

interface Branch extends TreeRange {
  readonly depth: number;
}

/** 2000::/3, all of IPv6 that a client on the public internet can have. */
const publicV6 = [0, 0, 1] as const;

/**
 * Every range of one family in ascending order, from address 0 on. The reader could only be asked for
 * one address after the other, from the root each time; the tree's form is all of the format that has
 * to be known to go down it once.
 */
export function* walkTree(tree: SearchTree, family: 4 | 6): Generator<TreeRange> {
  const rootV4 = tree.ipVersion === 4 ? 0 : descend(tree, Array<0>(96).fill(0));
  if (family === 4) {
    yield* rangesUnder(tree, { high: 0, low: 0, record: rootV4, depth: 0 }, 32, undefined);
    return;
  }
  yield { high: 0, low: 0, record: 0 };
  if (tree.ipVersion === 4) return;
  const record = descend(tree, publicV6);
  yield* rangesUnder(tree, { high: 0x20000000, low: 0, record, depth: 3 }, 64, rootV4);
  yield { high: 0x40000000, low: 0, record: 0 };
}

/**
 * A branch that leads to `alias`, the root of IPv4 (as 2002::/16 does), is not walked a second time:
 * nothing is known of it. Networks longer than `width` count by their first address.
 */
function* rangesUnder(
  tree: SearchTree,
  root: Branch,
  width: 32 | 64,
  alias: number | undefined,
): Generator<TreeRange> {
  const open: Branch[] = [root];
  for (let branch = open.pop(); branch !== undefined; branch = open.pop()) {
    const { high, low, record, depth } = branch;
    if (record > tree.nodeCount) yield branch;
    else if (record === tree.nodeCount || record === alias) yield { high, low, record: 0 };
    else if (depth === width) {
      const first = descend(tree, Array<0>(128 - depth).fill(0), record);
      yield { high, low, record: first > tree.nodeCount ? first : 0 };
    } else {
      const bit = (0x80000000 >>> (depth & 31)) >>> 0;
      open.push(
        {
          high: depth < 32 ? (high | bit) >>> 0 : high,
          low: depth < 32 ? low : (low | bit) >>> 0,
          record: childOf(tree, record, 1),
          depth: depth + 1,
        },
        { high, low, record: childOf(tree, record, 0), depth: depth + 1 },
      );
    }
  }
}

/** The record at the end of a path, or where the path ends early. */
function descend(tree: SearchTree, path: readonly (0 | 1)[], from = 0): number {
  let record = from;
  for (const bit of path) {
    if (record >= tree.nodeCount) return record;
    record = childOf(tree, record, bit);
  }
  return record;
}

function childOf(tree: SearchTree, node: number, bit: 0 | 1): number {
  const { bytes, recordSize } = tree;
  const at = (node * recordSize) / 4;
  if (recordSize === 24) return bytes.readUIntBE(at + bit * 3, 3);
  if (recordSize === 32) return bytes.readUInt32BE(at + bit * 4);
  // 28 bits: the octet in the middle holds the highest four of both records.
  const middle = bytes.readUInt8(at + 3);
  const highest = bit === 0 ? middle >>> 4 : middle & 15;
  return highest * 2 ** 24 + bytes.readUIntBE(at + bit * 4, 3);
}
