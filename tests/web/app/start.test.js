// The real program from its first frame on: without a network, from one version to the next, and what it asks for.

import assert from 'node:assert/strict';

import { appStory, drawn, openAndKeep, openApp, publishAnother, somethingDrawn } from '../lib/app.js';
import { offlineReady } from '../lib/browser.js';

/** An address of the operator, which the packed settings name. */
const apiUrl = (page) => page.evaluate(() => nt2.config.PUBLIC_API_URL);

for (const [where, viewport] of [
  ['a desktop', { width: 1280, height: 800 }],
  ['a phone', { width: 390, height: 844 }],
]) {
  appStory(`the first frame shows something on ${where}, and the browser has nothing to complain about`, async ({ site, browse }) => {
    const { page, record } = await browse({ viewport });
    await openAndKeep(page, site);
    await somethingDrawn(page);
    // The canvas has the page to itself.
    const canvas = await page.locator('#vault').boundingBox();
    assert.deepEqual(canvas, { x: 0, y: 0, ...viewport });
    assert.equal(await page.title(), 'NT² Vault');
    assert.deepEqual(record.complaints, []);
  });
}

appStory('the program starts with the server stopped and the browser restarted', async ({ site, browse }) => {
  const { page: before } = await browse();
  await openAndKeep(before, site);
  await site.stop();
  const { page } = await browse();
  await openApp(page, site);
  await somethingDrawn(page);
  assert.equal(await page.evaluate(() => nt2.offline), await offlineReady(page).then(() => 'ready'));
});

appStory('another version is offered, and comes only when it is asked for', async ({ site, browse }) => {
  const { page, record } = await browse();
  await openAndKeep(page, site);
  publishAnother(site);
  await page.evaluate(() => nt2.checkForUpdate().then(() => undefined));
  await page.waitForFunction(() => nt2.updateReady);
  await page.reload();
  await drawn(page);
  assert.equal(await apiUrl(page), '');
  await page.evaluate(() => nt2.applyUpdate());
  // The page may be loaded twice: first to free the old worker.
  let is = '';
  for (let tries = 0; is !== 'https://another.example.org' && tries < 60; tries++) {
    await page.waitForTimeout(500);
    is = await apiUrl(page).catch(() => '');
  }
  assert.equal(is, 'https://another.example.org');
  await drawn(page);
  await somethingDrawn(page);
  assert.deepEqual(record.complaints, []);
});

appStory('no request goes anywhere but to where the program came from, and none after it is loaded', async ({ site, browse }) => {
  const { page, record } = await browse();
  await openAndKeep(page, site);
  assert.ok(record.requests.some(({ url }) => url.includes('icon-maskable')));
  for (const { url, method } of record.requests) {
    assert.ok(url.startsWith(site.url) || url.startsWith('blob:'), url);
    assert.equal(method, 'GET');
  }
  record.clear();
  await page.mouse.move(300, 300);
  await page.mouse.click(640, 400);
  await page.keyboard.press('Tab');
  await page.waitForTimeout(3000);
  // The engine's workers are files of this build, which the service worker has.
  const asked = record.requests.filter(({ url }) => !/\/(worker|nt2)-[0-9a-f]{16}\.js$/.test(url));
  assert.deepEqual(asked, []);
});
