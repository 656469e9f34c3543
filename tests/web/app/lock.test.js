// What locks the vault by itself, and what is left on the clipboard.

import assert from 'node:assert/strict';

import { appStory, outline, press, waitFor, waitForText } from '../lib/app.js';
import { addLogin, startWithPassword, unlock } from '../lib/vault.js';

/** Hides the page or shows it again, as its tab in the background would be: a browser without windows never hides one. */
async function setHidden(page, hidden) {
  await page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => (hidden ? 'hidden' : 'visible') });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
}

/** Sets the clock of the page ahead. */
const passMinutes = (page, minutes) =>
  page.evaluate((ms) => {
    const now = Date.now;
    Date.now = () => now() + ms;
  }, minutes * 60_000);

appStory('a tab that was hidden for longer than is set is locked when it shows again', async ({ site, browse }) => {
  const { page } = await browse();
  await startWithPassword(page, site);
  await addLogin(page, 'My bank', 'secret of the bank');
  await setHidden(page, true);
  await passMinutes(page, 3);
  await setHidden(page, false);
  await waitFor(page, 'option', 'My bank');
  await setHidden(page, true);
  await passMinutes(page, 6);
  await setHidden(page, false);
  await waitFor(page, 'button', 'Unlock');
  assert.doesNotMatch(await outline(page), /My bank/);
  await unlock(page);
});

appStory('a tab that stays hidden locks without being looked at', async ({ site, browse }) => {
  const { page } = await browse();
  await page.addInitScript(() => localStorage.setItem('nt2-settings', JSON.stringify({ lock_hidden_minutes: 1 })));
  await startWithPassword(page, site);
  await addLogin(page, 'My bank', 'secret of the bank');
  await setHidden(page, true);
  await page.waitForTimeout(65_000);
  assert.doesNotMatch(await outline(page), /My bank/);
  await setHidden(page, false);
  await waitFor(page, 'button', 'Unlock');
});

appStory('what was copied goes from the clipboard after its time, unless something else is there', async ({ site, browse }) => {
  const { context, page } = await browse();
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const held = () => page.evaluate(() => navigator.clipboard.readText());
  await startWithPassword(page, site);
  await addLogin(page, 'My bank', 'secret of the bank');
  await press(page, 'My bank', 'option');
  await press(page, 'Copy Password');
  await waitForText(page, 'Password of My bank copied.');
  assert.equal(await held(), 'secret of the bank');
  await page.waitForFunction(() => navigator.clipboard.readText().then((text) => text === ''), null, { timeout: 60_000, polling: 500 });
  await press(page, 'Copy Password');
  await page.waitForFunction(() => navigator.clipboard.readText().then((text) => text !== ''));
  await page.evaluate(() => navigator.clipboard.writeText('something else'));
  await page.waitForTimeout(35_000);
  assert.equal(await held(), 'something else');
});

appStory('a browser that does not let the clipboard be cleared is told of', async ({ site, browse }) => {
  const { page } = await browse();
  await startWithPassword(page, site);
  await addLogin(page, 'My bank', 'secret of the bank');
  await press(page, 'My bank', 'option');
  await press(page, 'Copy Password');
  await waitForText(page, 'Password of My bank copied.');
  // As where another window has the focus.
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new DOMException('not focused', 'NotAllowedError'));
  });
  await page.locator('#mirror').getByText('The browser did not let us clear the clipboard').first().waitFor({ state: 'attached', timeout: 60_000 });
});
