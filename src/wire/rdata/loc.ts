// LOC (RFC 1876): where on earth a host stands, how large it is and how well that is known.

import type { Rdata } from '../../model/message.ts';
import { joinFields, type Octets, unsignedRdata } from './fields.ts';
import { complain, type Form } from './form.ts';

const wish = 'degrees [minutes [seconds]] N|S degrees [minutes [seconds]] E|W altitude[m] …';

/** §3: latitudes and longitudes count thousandths of an arc second from here. */
const middle = 2 ** 31;
/** §2: altitudes count centimetres from 100 km below the ellipsoid. */
const base = 10_000_000;
const highest = 0xffffffff - base;
const largest = 9e9;
/** §3: size, horizontal and vertical precision that are not written, in centimetres. */
const defaults = [100, 1_000_000, 1000];

export const loc: Form = { read, show };

function read(words: readonly string[]): Rdata | string {
  const latitude = readAngle(words, 0, 90, 'NS');
  const longitude = latitude && readAngle(words, latitude.next, 180, 'EW');
  if (latitude === undefined || longitude === undefined) return complain(wish, words);
  const [altitude, ...lengths] = words.slice(longitude.next).map(readMetres);
  if (altitude === undefined || altitude < -base || altitude > highest || lengths.length > 3) {
    return complain(wish, words);
  }
  const sizes = defaults.map((usual, i) => (i < lengths.length ? lengths[i] : usual));
  const octets: number[] = [0];
  for (const size of sizes) {
    if (size === undefined || size < 0 || size > largest) return complain(wish, words);
    octets.push(powerOf(size));
  }
  const wire = joinFields([
    { wire: Uint8Array.from(octets), text: '' },
    ...[middle + latitude.value, middle + longitude.value, altitude + base].map((value) =>
      unsignedRdata(value, 4),
    ),
  ]).wire;
  return { wire, text: show({ message: wire, at: 0, end: wire.length }) ?? '' };
}

/** An angle from the words at `from`, in thousandths of an arc second, positive to north and east. */
function readAngle(
  words: readonly string[],
  from: number,
  most: number,
  ways: string,
): { readonly value: number; readonly next: number } | undefined {
  const turn = words.findIndex((word, i) => i > from && i <= from + 3 && /^[NSEW]$/i.test(word));
  const way = words[turn]?.toUpperCase();
  if (way === undefined || !ways.includes(way)) return undefined;
  const [degrees = '', minutes = '0', seconds = '0'] = words.slice(from, turn);
  const isFine =
    /^\d{1,3}$/.test(degrees) &&
    /^[0-5]?\d$/.test(minutes) &&
    /^[0-5]?\d(?:\.\d{1,3})?$/.test(seconds);
  const angle =
    Number(degrees) * 3_600_000 + Number(minutes) * 60_000 + Math.round(Number(seconds) * 1000);
  if (!isFine || angle > most * 3_600_000) return undefined;
  return { value: way === ways[0] ? angle : -angle, next: turn + 1 };
}

/** Centimetres; undefined for what is no length. */
function readMetres(word: string): number | undefined {
  const match = /^(-?\d{1,8}(?:\.\d{1,2})?)m?$/i.exec(word);
  return match === null ? undefined : Math.round(Number(match[1]) * 100);
}

/** §2: one octet, a digit times a power of ten, in centimetres. */
function powerOf(centimetres: number): number {
  let digit = centimetres;
  let power = 0;
  for (; digit >= 10; digit = Math.floor(digit / 10)) power++;
  return (digit << 4) | power;
}

function show({ message, at, end }: Octets): string | undefined {
  if (end - at !== 16 || message[at] !== 0) return undefined;
  const view = new DataView(message.buffer, message.byteOffset + at, 16);
  const sizes = [1, 2, 3].map((i) => view.getUint8(i));
  if (sizes.some((size) => size >>> 4 > 9 || (size & 15) > 9)) return undefined;
  const latitude = view.getUint32(4) - middle;
  const longitude = view.getUint32(8) - middle;
  if (Math.abs(latitude) > 90 * 3_600_000 || Math.abs(longitude) > 180 * 3_600_000) {
    return undefined;
  }
  return [
    ...showAngle(latitude, 'NS'),
    ...showAngle(longitude, 'EW'),
    showMetres(view.getUint32(12) - base),
    ...sizes.map((size) => showMetres((size >>> 4) * 10 ** (size & 15))),
  ].join(' ');
}

function showAngle(value: number, ways: string): string[] {
  const angle = Math.abs(value);
  const seconds = ((angle % 60_000) / 1000).toFixed(3);
  const minutes = Math.floor(angle / 60_000) % 60;
  return [
    String(Math.floor(angle / 3_600_000)),
    String(minutes),
    seconds,
    ways[value < 0 ? 1 : 0] as string,
  ];
}

function showMetres(centimetres: number): string {
  return `${(centimetres / 100).toFixed(2)}m`;
}
