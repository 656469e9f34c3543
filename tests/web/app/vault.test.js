// What a person does with a vault in the browser, by role and name in the mirror of the accessibility tree.

import assert from 'node:assert/strict';

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

/** Opens an item of the list and gives what its field `name` holds. */
async function reveal(page, title, name) {
  await press(page, title, 'option');
  await press(page, `Show ${name}`);
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
  const { page: next } = await browse();
  await next.goto(site.url);
  await reveal(next, 'My bank', 'Password');
  await waitForText(next, PASSWORD);
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
