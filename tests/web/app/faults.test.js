// What fails under the program: its worker, the disk, the files in which it keeps the vault.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { appStory, openApp, outline, press, shown, type, waitFor, waitForText } from '../lib/app.js';
import { damageAttachment, damageDatabase, putAside } from '../lib/kept.js';
import { PASSWORD, addLogin, attach, pick, savesAsDownload, startWithPassword, unlock } from '../lib/vault.js';

/** Makes a thrown error of the engine's worker, as a defect in it would. */
async function breakEngine(page, [engine] = page.workers()) {
  await engine.evaluate(() => void setTimeout(() => { throw new Error('broken by the test'); }));
}

appStory('a crash of the engine is told, locks the vault, and loses nothing that was saved', async ({ site, browse }) => {
  const { page, record } = await browse();
  await startWithPassword(page, site);
  await addLogin(page, 'My bank', 'secret of the bank');
  await breakEngine(page);
  await waitForText(page, 'Something went wrong inside, so the vault was locked.');
  assert.doesNotMatch(await outline(page), /My bank/);
  await unlock(page);
  await press(page, 'My bank', 'option');
  await addLogin(page, 'My library', 'secret of the library');
  await page.reload();
  await unlock(page);
  await waitFor(page, 'option', 'My bank');
  await waitFor(page, 'option', 'My library');
  // The place of the failure, and nothing else.
  assert.equal(record.complaints.filter((line) => !/the engine has failed/.test(line)).length, 0, record.complaints.join('\n'));
});

appStory('a crash of the engine in the midst of work ends that work, and the rest is whole', async ({ dir, site, browse }) => {
  const { page } = await browse();
  await startWithPassword(page, site);
  await addLogin(page, 'My bank', 'secret of the bank');
  const large = join(dir, 'large.bin');
  await writeFile(large, '');
  await truncate(large, 400_000_000);
  await pick(page, () => press(page, 'Add files…'), large);
  await page.locator('#mirror').getByRole('progressbar').first().waitFor({ state: 'attached' });
  await breakEngine(page);
  await waitForText(page, 'Something went wrong inside, so the vault was locked.');
  await waitForText(page, 'The file was not added, because something went wrong inside.');
  await unlock(page);
  await press(page, 'My bank', 'option');
  await waitFor(page, 'button', 'Add files…');
  assert.equal(await shown(page, 'button', 'Save large.bin as…').count(), 0);
  await attach(page, 'small.bin', randomBytes(1000));
  await waitFor(page, 'button', 'Save small.bin as…');
});

appStory('a crash of the engine while it opens the vault leaves the lock screen, which then opens it', async ({ site, browse }) => {
  const { page } = await browse();
  await startWithPassword(page, site);
  await addLogin(page, 'My bank', 'secret of the bank');
  await page.reload();
  await type(page, 'Master password', PASSWORD);
  // The worker that derives the key comes beside it.
  const engine = page.workers();
  await press(page, 'Unlock');
  await breakEngine(page, engine);
  await waitForText(page, 'Something went wrong inside');
  await unlock(page);
  await waitFor(page, 'option', 'My bank');
});

appStory('a full disk is told, and nothing is half there', async ({ site, browse }) => {
  const { context, page } = await browse();
  await startWithPassword(page, site);
  await addLogin(page, 'My bank', 'secret of the bank');
  const { usage } = await page.evaluate(() => navigator.storage.estimate());
  const devtools = await context.newCDPSession(page);
  const origin = new URL(site.url).origin;
  await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: usage + 10_000_000 });
  await attach(page, 'large.bin', randomBytes(30_000_000));
  await waitForText(page, 'The browser gives no more room.');
  assert.equal(await shown(page, 'button', 'Save large.bin as…').count(), 0);
  await page.reload();
  await unlock(page);
  await press(page, 'My bank', 'option');
  await waitFor(page, 'button', 'Add files…');
  assert.equal(await shown(page, 'button', 'Save large.bin as…').count(), 0);
  await devtools.send('Storage.overrideQuotaForOrigin', { origin });
  await attach(page, 'large.bin', randomBytes(30_000_000));
  await waitFor(page, 'button', 'Save large.bin as…');
});

appStory('an attachment that was altered is refused and named, and the rest opens', async ({ site, browse }) => {
  const { page } = await browse();
  await savesAsDownload(page);
  await startWithPassword(page, site);
  await addLogin(page, 'My bank', 'secret of the bank');
  await attach(page, 'letter.bin', randomBytes(3_000_000));
  await waitFor(page, 'button', 'Save letter.bin as…');
  await damageAttachment(page, site, 1_000_000, 100);
  await openApp(page, site);
  await unlock(page);
  await press(page, 'My bank', 'option');
  // It may have begun before the altered part was read; it must not come to an end.
  const downloads = [];
  page.on('download', (download) => downloads.push(download));
  await press(page, 'Save letter.bin as…');
  await waitForText(page, 'letter.bin was altered or damaged, and nothing of it was used. The item itself is fine');
  for (const download of downloads) assert.equal(await download.failure(), 'canceled');
  await press(page, 'Show Password');
  await press(page, 'Personal: vault menu');
  await press(page, 'Settings', 'menuitem');
  await press(page, 'Vault', 'tab');
  await press(page, 'Read every attachment too', 'switch');
  await press(page, 'Check now');
  await waitForText(page, 'One problem was found.');
  await waitForText(page, 'is damaged. A backup brings it back.');
});

for (const [what, from, len] of [
  ['in many places', 100_000, 60_000],
  ['at its beginning', 0, 200],
]) {
  appStory(`a database that is damaged ${what} is said to be, and a backup can be opened`, async ({ site, browse }) => {
    const { page } = await browse();
    await startWithPassword(page, site);
    await addLogin(page, 'My bank', 'secret of the bank');
    await damageDatabase(page, site, 'vault.sqlite', from, len);
    await openApp(page, site);
    await type(page, 'Master password', PASSWORD);
    await press(page, 'Unlock');
    await waitForText(page, 'damaged');
    await press(page, 'Other vault', 'link');
    await waitFor(page, 'button', 'Open a backup');
  });
}

for (const [what, path] of [
  ['the list of vaults', 'device.sqlite'],
  ['a vault', 'vault.sqlite'],
]) {
  appStory(`the file of ${what} that has lost its name gets it back`, async ({ site, browse }) => {
    const { page } = await browse();
    await startWithPassword(page, site);
    await addLogin(page, 'My bank', 'secret of the bank');
    await damageDatabase(page, site, path, -4096, 4096);
    await openApp(page, site);
    await waitForText(page, 'It was mended; nothing is lost.');
    await unlock(page);
    await waitFor(page, 'option', 'My bank');
  });
}

appStory('a damaged list of vaults is made anew, told, and kept aside', async ({ site, browse }) => {
  const { page } = await browse();
  await startWithPassword(page, site);
  await addLogin(page, 'My bank', 'secret of the bank');
  await damageDatabase(page, site, 'device.sqlite', 0, 200);
  await openApp(page, site);
  await waitForText(page, 'The list of vaults in this browser was damaged or missing.');
  await unlock(page);
  await waitFor(page, 'option', 'My bank');
  await waitFor(page, 'button', 'Personal: vault menu');
  assert.match((await putAside(page)).join(), /device\.sqlite/);
  await page.reload();
  await unlock(page);
  await waitFor(page, 'option', 'My bank');
});

appStory('a database that nobody can mend goes aside, says so, and keeps nothing else out of reach', async ({ site, browse }) => {
  const { page } = await browse();
  await startWithPassword(page, site);
  await addLogin(page, 'My bank', 'secret of the bank');
  await damageDatabase(page, site, 'vault.sqlite', -4096, 8192);
  await openApp(page, site);
  await waitForText(page, 'has been put aside. If a vault does not open, restore its backup.');
  assert.equal((await putAside(page)).length, 1);
  await type(page, 'Master password', PASSWORD);
  await press(page, 'Unlock');
  await waitForText(page, 'The vault file is damaged.');
  await press(page, 'Other vault', 'link');
  await press(page, 'New vault');
  await press(page, 'Start now');
  await waitFor(page, 'button', 'Add first item');
});
