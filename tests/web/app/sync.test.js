// One vault in two browsers, over a server that sees nothing.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { appStory, openApp, press, type, waitFor, waitForText } from '../lib/app.js';
import { open } from '../lib/browser.js';
import { SyncServer } from '../lib/sync-server.js';
import { PASSWORD, addLogin, attach, downloaded, pick, saveKit, savesAsDownload, startWithPassword, unlock } from '../lib/vault.js';

/** Of the kit: never the master password. */
const PASSPHRASE = 'five slow barges under one bridge';

/** Settings › Sync. */
async function syncPage(page) {
  await press(page, 'Personal: vault menu');
  await press(page, 'Settings', 'menuitem');
  await press(page, 'Sync', 'tab');
}

/** A `story` with a server, and a first browser that syncs with it. */
function syncStory(name, body) {
  appStory(name, async ({ dir, browse }) => {
    const server = new SyncServer(dir, process.env.NT2_WEB_APP);
    await server.start();
    let second = null;
    try {
      const { page } = await browse();
      await savesAsDownload(page);
      await startWithPassword(page, server);
      await addLogin(page, 'My bank', 'secret of the bank');
      const kit = await saveKit(page, PASSPHRASE, (asks) => downloaded(page, dir, asks));
      await syncPage(page);
      await type(page, 'Server address', server.url);
      await press(page, 'Turn on sync');
      await waitForText(page, 'Up to date');
      /** Another device. */
      const another = async () => {
        second = await open(join(dir, 'second'), {});
        return second.pages()[0] ?? (await second.newPage());
      };
      await body({ dir, server, page, kit, another });
    } finally {
      await second?.close();
      await server.stop();
    }
  });
}

/** Types where the server is and brings the vault here with the kit. */
async function bringHere(page, server, kit) {
  await openApp(page, server);
  await press(page, 'I have this vault on another device');
  await press(page, 'Recovery kit', 'radio');
  await type(page, 'Server address', server.url);
  await pick(page, () => press(page, 'Choose file…'), kit);
  await type(page, 'Passphrase of the kit', PASSPHRASE);
  await type(page, 'Master password', PASSWORD);
  await press(page, 'Bring vault here');
  await waitFor(page, 'button', 'New item');
}

/** Exchanges changes at once. */
async function syncNow(page) {
  await syncPage(page);
  await press(page, 'Sync now');
  await waitForText(page, 'Up to date');
}

/** Waits until something is described so: what stands in small letters below a line. */
const describes = (page, text) => page.locator(`#mirror [aria-description*="${text}"]`).first().waitFor({ state: 'attached' });

/** All bytes of the server's files. */
async function storedBy(dir) {
  const found = await readdir(join(dir, 'sync-data'), { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile());
  return Buffer.concat(await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name)))));
}

syncStory('what is added in one browser is there in another, which came with kit and password', async ({ dir, server, page, kit, another }) => {
  const other = await another();
  await bringHere(other, server, kit);
  await waitFor(other, 'option', 'My bank');
  await addLogin(other, 'My doctor', 'secret of the doctor');
  await syncNow(other);
  // The kit was used up, which makes a new epoch: the first browser hears of it within seconds, locks, and asks for the password.
  await unlock(page);
  await waitFor(page, 'option', 'My doctor');

  const stored = await storedBy(dir);
  assert.ok(stored.length > 10_000, 'the server has something');
  for (const plain of ['My bank', 'My doctor', 'secret of', PASSWORD, PASSPHRASE, 'credential']) {
    assert.ok(!stored.includes(plain), `the server has “${plain}”`);
  }
});

syncStory('what is written while the server is away is sent when it is back', async ({ server, page }) => {
  await server.stop();
  await addLogin(page, 'Written offline', 'still here');
  await syncPage(page);
  await press(page, 'Sync now');
  await waitForText(page, "can't be reached");
  await describes(page, 'Your changes are safe here and will be sent later.');
  await server.start();
  await press(page, 'Sync now');
  await waitForText(page, 'Up to date');
  await describes(page, 'Every change of this device is on the server.');
});

syncStory('a file that is attached in one browser is saved in another byte for byte', async ({ dir, server, page, kit, another }) => {
  const other = await another();
  await savesAsDownload(other);
  await bringHere(other, server, kit);
  const bytes = randomBytes(6_000_000);
  bytes.write('plain beginning of the file');
  await press(other, 'My bank', 'option');
  await attach(other, 'scan.bin', bytes);
  await waitFor(other, 'button', 'Save scan.bin as…');
  await syncNow(other);
  await describes(other, 'All of them are with the server too.');
  const stored = await storedBy(dir);
  assert.ok(stored.length > bytes.length, 'the server has the file');
  assert.ok(!stored.includes('plain beginning') && !stored.includes('scan.bin'), 'and knows neither name nor content');

  await unlock(page);
  await press(page, 'My bank', 'option');
  const path = await downloaded(page, dir, () => press(page, 'Save scan.bin as…'));
  assert.ok(bytes.equals(await readFile(path)));
});
