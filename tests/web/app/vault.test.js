// What a person does with a vault in the browser, by role and name in the mirror of the accessibility tree.

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';

import { appStory, openAndKeep, openApp, outline, press, shown, type, waitFor, waitForText } from '../lib/app.js';
import { PASSWORD, addLogin, attach, backUp, restore, savesAsDownload, startNow, startWithPassword } from '../lib/vault.js';

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
  await attach(page, 'Büro ★.bin', bytes);
  await waitFor(page, 'button', 'Save Büro ★.bin as…');
  await page.reload();
  await press(page, 'My bank', 'option');
  const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Save Büro ★.bin as…')]);
  assert.equal(download.suggestedFilename(), 'Büro ★.bin');
  assert.equal(await hashOf(await download.path()), createHash('sha256').update(bytes).digest('hex'));
  assert.deepEqual(record.complaints, []);
});

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
  await startWithPassword(page, site);
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
