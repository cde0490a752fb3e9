// Serials: the number that a configuration gives zones without one of their own, and that never goes back.

import { serialAfter, serialOf, withSerial } from '../../authority/serial.ts';
import type { Settings } from '../../model/settings.ts';
import type { Log, Store } from '../../ports.ts';

/** The last number that was given, and to what. */
interface Given {
  /** The digest of what all directors have alike. */
  readonly configuration: string;
  readonly serial: number;
}

/**
 * Settings whose made serials have moved on exactly when their configuration is another. The time of
 * the newest file goes back with a file that is put back, which secondaries would never notice
 * (RFC 1982), and forth with a file that is merely touched. What was given last is kept on disk.
 */
export async function createSerials(
  store: Store | undefined,
  log: Log,
): Promise<(settings: Settings) => Settings> {
  const text = await store?.load('serial');
  let last = text === undefined ? undefined : decodeGiven(text);
  return (settings) => {
    const made = settings.zones.find(({ hasMadeSerial }) => hasMadeSerial);
    if (made === undefined) return settings;
    const serial = nextSerial(last, settings.configuration, serialOf(made));
    if (last?.serial !== serial || last.configuration !== settings.configuration) {
      last = { configuration: settings.configuration, serial };
      void keep(store, last, log);
    }
    const zones = settings.zones.map((zone) =>
      zone.hasMadeSerial ? withSerial(zone, serial) : zone,
    );
    return { ...settings, zones };
  };
}

function nextSerial(last: Given | undefined, configuration: string, wanted: number): number {
  if (last === undefined) return wanted;
  return last.configuration === configuration ? last.serial : serialAfter(last.serial, wanted);
}

async function keep(store: Store | undefined, given: Given, log: Log): Promise<void> {
  const fault = await store?.save('serial', JSON.stringify(given));
  if (fault !== undefined) log.warn(fault.code, { reason: fault.message });
}

function decodeGiven(text: string): Given | undefined {
  try {
    const { configuration, serial } = JSON.parse(text) as Record<keyof Given, unknown>;
    const isSerial = Number.isInteger(serial) && (serial as number) >>> 0 === serial;
    if (typeof configuration !== 'string' || !isSerial) return undefined;
    return { configuration, serial };
  } catch {
    return undefined;
  }
}
