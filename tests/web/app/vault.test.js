// What a person does with a vault in the browser, by role and name in the mirror of the accessibility tree.

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';

import { appStory, openAndKeep, openApp, outline, press, shown, type, waitFor, waitForText } from '../lib/app.js';

const PASSWORD = 'seven quiet herons cross the delta';

/** A first vault that this browser alone protects. */
async function startNow(page, site) {
  await openApp(page, site);
  await press(page, 'Start now');
  await waitFor(page, 'button', 'Add first item');
}

async function addLogin(page, title, password) {
  await press(page, 'New item');
  await press(page, 'Login');
  await type(page, 'Title', title);
  await type(page, 'Password', password);
  await press(page, 'Save');
  await waitFor(page, 'option', title);
}

/** Without the File System Access API a file is saved as a download, as in Firefox and Safari; a dialog of the system can't be answered here. */
const savesAsDownload = (page) => page.addInitScript(() => delete globalThis.showSaveFilePicker);

async function hashOf(path) {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(path)) hash.update(bytes);
  return hash.digest('hex');
}

appStory('what was saved is there after loading again, and after a restart without the server', async ({ site, browse }) => {
  const { page } = await browse();
  await startNow(page, site);
  await openAndKeep(page, site);
  await addLogin(page, 'My bank', PASSWORD);
  await page.reload();
  await press(page, 'My bank', 'option');
  await waitForText(page, 'Login · Personal');
  await site.stop();
  const { page: next, context } = await browse();
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await next.goto(site.url);
  await press(next, 'My bank', 'option');
  await press(next, 'Copy Password');
  await waitForText(next, 'Password of My bank copied.');
  assert.equal(await next.evaluate(() => navigator.clipboard.readText()), PASSWORD);
});

appStory('a file of 20 MB is attached, and saved again byte for byte after loading again', async ({ site, browse }) => {
  const { page, record } = await browse();
  await savesAsDownload(page);
  await startNow(page, site);
  await addLogin(page, 'My bank', PASSWORD);
  const bytes = randomBytes(20_000_001);
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), press(page, 'Add files…')]);
  await chooser.setFiles({ name: 'Büro ★.bin', mimeType: 'application/octet-stream', buffer: bytes });
  await waitFor(page, 'button', 'Save Büro ★.bin as…');
  await page.reload();
  await press(page, 'My bank', 'option');
  const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Save Büro ★.bin as…')]);
  assert.equal(download.suggestedFilename(), 'Büro ★.bin');
  assert.equal(await hashOf(await download.path()), createHash('sha256').update(bytes).digest('hex'));
  assert.deepEqual(record.complaints, []);
});

/** Makes a backup with a passphrase of its own and gives its path. */
async function backUp(page, dir) {
  await press(page, 'Overview', 'tab');
  await press(page, 'Back up now');
  await type(page, 'Passphrase of the backup', PASSWORD);
  await type(page, 'Passphrase again', PASSWORD);
  const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Choose a place…')]);
  assert.match(download.suggestedFilename(), /\.nt2backup$/);
  const backup = join(dir, download.suggestedFilename());
  await download.saveAs(backup);
  return backup;
}

/** Opens a backup on a browser that has no vault yet. */
async function restore(page, site, backup) {
  await openApp(page, site);
  await press(page, 'Open a backup');
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), press(page, 'Choose backup…')]);
  await chooser.setFiles(backup);
  await waitForText(page, 'A backup of a vault that is not in this browser.');
  await type(page, 'Passphrase of the backup', PASSWORD);
  await press(page, 'Restore');
}

appStory('a backup that one browser downloads opens in another', async ({ dir, site, browse }) => {
  const { page } = await browse();
  await savesAsDownload(page);
  await startNow(page, site);
  await addLogin(page, 'My bank', PASSWORD);
  const backup = await backUp(page, dir);
  const { page: other } = await browse({ profile: 'other' });
  await restore(other, site, backup);
  await press(other, 'My bank', 'option');
  await waitFor(other, 'button', 'Show Password');
});

appStory('a second tab says where the vault is, and takes it over when asked', async ({ site, browse }) => {
  const { context, page: first } = await browse();
  await startNow(first, site);
  await addLogin(first, 'My bank', PASSWORD);
  const second = await context.newPage();
  await openApp(second, site);
  await waitForText(second, 'This vault is open in another tab');
  assert.equal(await shown(second, 'option', 'My bank').count(), 0);
  await press(second, 'Use it here');
  await waitFor(second, 'option', 'My bank');
  await waitForText(first, 'This vault was taken over by another tab');
  assert.doesNotMatch(await outline(first), /My bank/);
});

appStory('a master password locks the vault after loading again, and only it opens it', async ({ site, browse }) => {
  const { page, record } = await browse();
  await openApp(page, site);
  await press(page, 'Create with a master password');
  await type(page, 'Master password', PASSWORD);
  await type(page, 'Master password again', PASSWORD);
  await press(page, 'Create vault');
  await waitFor(page, 'button', 'New item');
  await addLogin(page, 'My bank', 'secret of the bank');
  await page.reload();
  await waitFor(page, 'button', 'Unlock');
  assert.doesNotMatch(await outline(page), /My bank/);
  await type(page, 'Master password', `${PASSWORD}s`);
  await press(page, 'Unlock');
  await waitFor(page, 'button', 'Unlock');
  await type(page, 'Master password', PASSWORD);
  await press(page, 'Unlock');
  await waitFor(page, 'option', 'My bank');
  assert.deepEqual(record.complaints, []);
});

appStory('the title of the page never names an item', async ({ site, browse }) => {
  const { page } = await browse();
  await startNow(page, site);
  await addLogin(page, 'My bank', PASSWORD);
  assert.doesNotMatch(await page.title(), /My bank/);
  assert.doesNotMatch(page.url(), /bank/i);
});
