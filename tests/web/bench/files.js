// Attaching a large file: speed beside the native program, and memory.

import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { press } from '../lib/app.js';
import { extraMemory } from '../lib/memory.js';
import { Device } from './device.js';
import { median, megabytes, row, speed } from './table.js';
import { makeBackup, makeFile, nativeSealMs } from './vaults.js';
import { whenShown } from './watch.js';

const ROUNDS = 3;
const SPEED_BYTES = 256 << 20;
const MEMORY_BYTES = 500e6;
const MOST_EXTRA_BYTES = 150e6;
const N_ITEMS = 100;

/** Attaches a file to the item that is shown; gives the milliseconds from the choice until it is among the item's attachments. */
async function attach(page, path, name) {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), press(page, 'Add files…')]);
  const there = whenShown(page, 'button', new RegExp(`^Save ${name} as`));
  await chooser.setFiles(path);
  const end = await there;
  return end - (await page.evaluate(() => benchClocks.picked));
}

export async function rows(dir, site) {
  const device = new Device(dir, site, 'files');
  const page = await device.start();
  await device.load();
  await device.restore(await makeBackup(dir, N_ITEMS));
  await device.show('items');
  await page.locator('#mirror [role="option"]').first().evaluate((element) => element.click());
  const took = [];
  for (let round = 0; round < ROUNDS; round++) {
    const name = `speed-${round}.bin`;
    const path = makeFile(join(dir, name), SPEED_BYTES);
    took.push(await attach(page, path, name));
    if (round < ROUNDS - 1) rmSync(path);
  }
  const native = await nativeSealMs(dir, join(dir, `speed-${ROUNDS - 1}.bin`), ROUNDS);
  rmSync(join(dir, `speed-${ROUNDS - 1}.bin`));
  const path = makeFile(join(dir, 'memory.bin'), MEMORY_BYTES);
  const extra = await extraMemory(device.dir, () => attach(page, path, 'memory.bin'));
  rmSync(path);
  await device.close();
  const ms = median(took);
  return [
    row('attach a file of 256 MiB; natively', { ours: speed(SPEED_BYTES, ms), peer: speed(SPEED_BYTES, native), ratio: native / ms }),
    row('memory to attach 500 MB, all processes, above idle', {
      ours: megabytes(extra),
      target: '≤ 150 MB',
      met: extra <= MOST_EXTRA_BYTES,
    }),
  ];
}
