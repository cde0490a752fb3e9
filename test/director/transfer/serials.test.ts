// Serials: the number of a configuration moves with it, and never back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serialOf } from '../../../src/authority/serial.ts';
import { createSerials } from '../../../src/director/transfer/serials.ts';
import type { Settings } from '../../../src/model/settings.ts';
import type { Store } from '../../../src/ports.ts';
import { settingsOf, zoneText } from '../../support/config.ts';
import { createRecordLog } from '../../support/record-log.ts';

const log = createRecordLog();

function memoryStore(): Store & { readonly texts: Map<string, string> } {
  const texts = new Map<string, string>();
  return {
    texts,
    load: async (name) => texts.get(name),
    save: async (name, text) => void texts.set(name, text),
  };
}

/** Settings of a configuration whose newest file is from this second. */
function read(configuration: string, at: number, zone: readonly string[] = []): Settings {
  const settings = settingsOf({ main: zoneText({ zone: [`serial: ${at}`, ...zone] }) });
  const zones = settings.zones.map((each) => ({ ...each, hasMadeSerial: true }));
  return { ...settings, configuration, zones };
}

function serials({ zones }: Settings): number[] {
  return zones.map(serialOf);
}

test('the first is the time of the newest file', async () => {
  const number = await createSerials(undefined, log);
  assert.deepEqual(serials(number(read('a', 1000))), [1000]);
});

test('a file that is merely touched moves nothing', async () => {
  const number = await createSerials(undefined, log);
  number(read('a', 1000));
  assert.deepEqual(serials(number(read('a', 2000))), [1000]);
});

test('an old file that is put back moves it on', async () => {
  const number = await createSerials(undefined, log);
  number(read('a', 1000));
  assert.deepEqual(serials(number(read('b', 2000))), [2000]);
  assert.deepEqual(serials(number(read('a', 1000))), [2001]);
});

test('a restart goes on where the last life ended', async () => {
  const store = memoryStore();
  const before = await createSerials(store, log);
  before(read('a', 1000));
  before(read('b', 500));
  const after = await createSerials(store, log);
  assert.deepEqual(serials(after(read('b', 500))), [1001]);
  assert.deepEqual(serials(after(read('c', 500))), [1002]);
});

test('what is on the disk and makes no sense counts as nothing', async () => {
  for (const text of ['', '{}', '[]', '{"configuration":"a","serial":-1}', 'null']) {
    const store = memoryStore();
    store.texts.set('serial', text);
    const number = await createSerials(store, log);
    assert.deepEqual(serials(number(read('a', 1000))), [1000], text);
  }
});

test("a serial of the operator's own is never touched", async () => {
  const number = await createSerials(undefined, log);
  const own = (serial: number): Settings => ({
    ...settingsOf({ main: zoneText({ zone: [`serial: ${serial}`] }) }),
    configuration: String(serial),
  });
  assert.deepEqual(serials(number(own(9))), [9]);
  assert.deepEqual(serials(number(own(8))), [8]);
});

test('a disk that fails is told of, and holds nothing up', async () => {
  const told = createRecordLog();
  const full: Store = {
    load: async () => undefined,
    save: async () => ({ code: 'disk.write', message: 'full' }),
  };
  const number = await createSerials(full, told);
  assert.deepEqual(serials(number(read('a', 1000))), [1000]);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(told.lines, ['warn disk.write']);
});
