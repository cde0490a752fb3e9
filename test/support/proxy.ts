// PROXY headers as a proxy writes them, built without any code of the program.

export interface ProxyShape {
  /** `1.2.3.4` or eight groups of IPv6 without `::`; nothing stands for no address. */
  readonly source?: string;
  readonly port?: number;
  readonly command?: 'local' | 'proxy';
  readonly protocol?: 'tcp' | 'udp';
  /** Octets behind the addresses. */
  readonly notes?: readonly number[];
}

export const proxySignature = [13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10] as const;

export function proxyHeader(shape: ProxyShape = {}): Uint8Array {
  const { source, port = 4711, command = 'proxy', protocol = 'udp', notes = [] } = shape;
  const isIpv6 = source?.includes(':') === true;
  const ports = [...uint16(port), ...uint16(53)];
  const address = source === undefined ? [] : octetsOf(source);
  const to = Array<number>(address.length).fill(9);
  const block = [...(source === undefined ? [] : [...address, ...to, ...ports]), ...notes];
  const family = source === undefined ? 0 : isIpv6 ? 2 : 1;
  return Uint8Array.from([
    ...proxySignature,
    command === 'local' ? 0x20 : 0x21,
    (family << 4) | (source === undefined ? 0 : protocol === 'tcp' ? 1 : 2),
    ...uint16(block.length),
    ...block,
  ]);
}

function octetsOf(source: string): number[] {
  return source.includes(':')
    ? source.split(':').flatMap((group) => uint16(Number.parseInt(group, 16)))
    : source.split('.').map(Number);
}

function uint16(value: number): number[] {
  return [value >>> 8, value & 255];
}
