// Hashes for deterministic picks: the same client network gets the same draw on every director.

import { type Ip, maskIp } from '../model/ip.ts';

/** FNV-1a over the text's code units, 32 bits. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}

/** Mixes two words so that every bit of either changes about half of the result (Murmur3's finaliser). */
export function mixHash(x: number, y: number): number {
  let hash = Math.imul(x ^ Math.imul(y, 0x9e3779b1), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 16), 0x27d4eb2f);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** True for that share of client networks, 0 to 1, each lot drawing anew; who is in stays in as it grows. */
export function isPicked(lot: string, share: number, networkHash: number): boolean {
  return mixHash(networkHash, hashText(lot)) / 0x1_0000_0000 < share;
}

/**
 * Clients are picked for by network at this length, and the ECS scope of such an answer is at
 * least this long, so that what a resolver caches stays true.
 */
export function pickLength(family: 4 | 6): number {
  return family === 4 ? 20 : 44;
}

export function hashNetwork(ip: Ip): number {
  const net = maskIp(ip, pickLength(ip.family));
  return mixHash(mixHash(net.a, net.b), ip.family);
}
