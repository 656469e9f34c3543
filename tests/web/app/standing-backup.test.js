// A real file that follows the vault. The dialog of the system can't be answered here: a file of the browser's own stands in for the one that a person chooses,
// and is written through the same interface.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { appStory, press, waitForText } from '../lib/app.js';
import { PASSWORD, addLogin, saveKit, startNow } from '../lib/vault.js';

/** The dialog for saving gives a file of that name at once. */
const answersSaving = (page) =>
  page.addInitScript(() => {
    globalThis.showSaveFilePicker = async ({ suggestedName }) => (await navigator.storage.getDirectory()).getFileHandle(suggestedName, { create: true });
  });

/** Its bytes; none if there is no such file. */
const written = async (page, name) =>
  Buffer.from(
    await page.evaluate(async (name) => {
      const file = await (await navigator.storage.getDirectory()).getFileHandle(name).then((handle) => handle.getFile(), () => null);
      return file ? Array.from(new Uint8Array(await file.arrayBuffer())) : [];
    }, name),
  );

/** Keeps in `dir` the kit that is written after `asks`, and gives its path. */
async function keptKit(page, dir, asks) {
  await asks();
  await waitForText(page, 'It counts as saved when it has been read back.');
  const names = await page.evaluate(async () => Array.fromAsync((await navigator.storage.getDirectory()).keys()));
  const name = names.find((name) => name.endsWith('.nt2recovery'));
  const kit = join(dir, name);
  await writeFile(kit, await written(page, name));
  return kit;
}

appStory('a real file follows the vault after a change', async ({ dir, site, browse }) => {
  const { page } = await browse();
  await answersSaving(page);
  await startNow(page, site);
  await addLogin(page, 'My bank', PASSWORD);
  await saveKit(page, PASSWORD, (asks) => keptKit(page, dir, asks));
  await press(page, 'Overview', 'tab');
  await press(page, 'Choose a file…');
  await waitForText(page, 'Standing backup in vault.nt2backup');
  const first = await waitForOther(page, Buffer.alloc(0));
  await addLogin(page, 'My second bank', PASSWORD);
  const second = await waitForOther(page, first);
  assert.ok(second.subarray(0, 4).equals(first.subarray(0, 4)), 'both are backups');
});

/** Waits until the file holds something else than `before`; its bytes. */
async function waitForOther(page, before) {
  for (let tries = 0; tries < 60; tries++) {
    const bytes = await written(page, 'vault.nt2backup');
    if (!bytes.equals(before)) return bytes;
    await page.waitForTimeout(500);
  }
  throw new Error('the file is not written');
}
