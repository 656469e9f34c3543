// The page without its server, and from one version to the next.

import assert from 'node:assert/strict';
import { join } from 'node:path';

import { offlineReady } from '../lib/browser.js';
import { story } from '../lib/each.js';
import { makeStandIn } from '../stand-in/make.js';

const shown = (page, version) => page.locator(`#vault[data-version=${version}]`).waitFor();
const checked = (page) => page.evaluate(() => nt2.checkForUpdate().then(() => undefined));
const offered = (page) => page.waitForFunction(() => nt2.updateReady);
const caches = (page) => page.evaluate(() => globalThis.caches.keys());

/** A worker of this page's build. */
const workerVersion = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const worker = new Worker(nt2.worker, { type: 'module' });
        worker.onerror = reject;
        worker.onmessage = ({ data }) => resolve(data.version);
        worker.postMessage({ module: nt2.module });
        worker.postMessage(null);
      }),
  );

async function started({ dir, site, browse }) {
  site.pack(makeStandIn(join(dir, 'one'), 'one'));
  await site.start();
  const browser = await browse();
  await browser.page.goto(site.url);
  await shown(browser.page, 'one');
  await offlineReady(browser.page);
  return browser;
}

const publish = ({ dir, site }, version) => site.pack(makeStandIn(join(dir, version), version));

story('after the first load the page starts with the server stopped and the browser restarted', async (it) => {
  await started(it);
  await it.site.stop();
  const { page, record } = await it.browse();
  await page.goto(it.site.url);
  await shown(page, 'one');
  await offlineReady(page);
  assert.equal(await workerVersion(page), 'one');
  // Left before it has all it asks for, a page complains.
  await page.goto(`${it.site.url}index.html#/items`);
  await offlineReady(page);
  await page.goto(`${it.site.url}?m=abc`);
  await offlineReady(page);
  await shown(page, 'one');
  assert.deepEqual(record.complaints.filter((text) => !text.includes('sw-')), []);
});

story('a new version is offered, and comes only when it is asked for', async (it) => {
  const { page, record } = await started(it);
  await page.evaluate(() => (nt2.onupdate = () => (globalThis.told = (globalThis.told ?? 0) + 1)));
  publish(it, 'two');
  await checked(page);
  await offered(page);
  assert.equal(await page.evaluate(() => told), 1);
  await page.reload();
  await shown(page, 'one');
  await offered(page);
  assert.equal(await workerVersion(page), 'one');
  assert.equal((await caches(page)).length, 2);
  const loaded = page.waitForEvent('load');
  await page.evaluate(() => nt2.applyUpdate());
  await loaded;
  await shown(page, 'two');
  await offlineReady(page);
  assert.equal(await workerVersion(page), 'two');
  await page.waitForFunction(async () => (await caches.keys()).length === 1);
  assert.deepEqual(record.complaints, []);
});

story('a new version comes by itself once the last page of the old one is closed', async (it) => {
  const { page } = await started(it);
  publish(it, 'two');
  await checked(page);
  await offered(page);
  const { page: next } = await it.browse();
  await next.goto(it.site.url);
  await shown(next, 'two');
});

story('a page of the old version keeps working when another tab takes the new one', async (it) => {
  const { context, page: old } = await started(it);
  const asking = await context.newPage();
  await asking.goto(it.site.url);
  await shown(asking, 'one');
  publish(it, 'two');
  await checked(asking);
  await offered(asking);
  const loaded = asking.waitForEvent('load');
  await asking.evaluate(() => nt2.applyUpdate());
  await loaded;
  await shown(asking, 'two');
  // Its files are no longer on the server: a worker that is started again comes from the cache of its own build.
  await offered(old);
  await shown(old, 'one');
  assert.equal(await workerVersion(old), 'one');
  assert.equal((await caches(old)).length, 2);
  const again = old.waitForEvent('load');
  await old.evaluate(() => nt2.applyUpdate());
  await again;
  await shown(old, 'two');
});

story('files of two builds never become one version', async (it) => {
  const { page } = await started(it);
  publish(it, 'two');
  // As between two servers of one address: the service worker of the new build, a page of the old one.
  const old = await (await page.request.get(it.site.url)).text();
  await it.site.replace('index.html', old.replace('</html>', '</html><!-- altered -->'));
  await checked(page).catch(() => undefined);
  // The browser looks for a new version by itself too, soon after a page came: so this waits for a moment in which nobody tries.
  await page.waitForFunction(async () => {
    const { installing, waiting } = await navigator.serviceWorker.getRegistration();
    return !installing && !waiting && (await caches.keys()).length === 1;
  });
  assert.equal(await page.evaluate(() => nt2.updateReady), false);
  await page.reload();
  await shown(page, 'one');
});

story('what the operator sets reaches the program, also after the file was edited by hand', async ({ dir, site, browse }) => {
  site.pack(makeStandIn(join(dir, 'app'), 'one'), 'https://vault.example.org');
  await site.replace('config.json', '{ "PUBLIC_API_URL": "https://other.example.org" }');
  await site.start();
  const { page } = await browse();
  await page.goto(site.url);
  await offlineReady(page);
  await page.reload();
  await offlineReady(page);
  assert.equal(await page.evaluate(() => nt2.config.PUBLIC_API_URL), 'https://other.example.org');
});
