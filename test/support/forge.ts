// Datagrams with a forged source, which no UDP socket can send: a raw socket through perl, as root.

import { spawnSync } from 'node:child_process';

/** Raw sockets need root (or CAP_NET_RAW); perl-base is on every Debian. */
export const canForge =
  process.getuid?.() === 0 && spawnSync('perl', ['-MSocket', '-e', '1']).status === 0;

/** Sends one datagram from any source to a port on 127.0.0.1. */
export function sendForged(
  source: { address: string; port: number },
  port: number,
  data: Uint8Array,
): void {
  const result = spawnSync('perl', [
    '-MSocket',
    '-e',
    program,
    source.address,
    String(source.port),
    String(port),
    Buffer.from(data).toString('hex'),
  ]);
  if (result.status !== 0) throw new Error(`perl could not send: ${result.stderr.toString()}`);
}

// IPPROTO_RAW takes a whole IPv4 packet; the kernel fills in its length and checksum (raw(7)).
const program = `
  my ($from, $sport, $dport, $hex) = @ARGV;
  my $data = pack('H*', $hex);
  socket(my $raw, PF_INET, SOCK_RAW, 255) or die $!;
  my $udp = pack('nnnn', $sport, $dport, 8 + length $data, 0) . $data;
  my $ip = pack('CCnnnCCna4a4', 0x45, 0, 20 + length $udp, 0, 0, 64, 17, 0,
    inet_aton($from), inet_aton('127.0.0.1'));
  send($raw, $ip . $udp, 0, sockaddr_in(0, inet_aton('127.0.0.1'))) or die $!;
`;
