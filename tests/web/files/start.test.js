// The page until the program draws, and where it can't.

import assert from 'node:assert/strict';
import { join } from 'node:path';

import { offlineReady } from '../lib/browser.js';
import { story } from '../lib/each.js';
import { makeStandIn } from '../stand-in/make.js';

async function served({ dir, site }) {
  site.pack(makeStandIn(join(dir, 'app'), 'one'));
  await site.start();
}

story('the program starts without a complaint of the browser, and the loading line goes', async (it) => {
  await served(it);
  const { page, record } = await it.browse();
  await page.goto(it.site.url);
  await page.locator('#vault[data-version=one]').waitFor();
  await page.locator('#loading').waitFor({ state: 'hidden' });
  await offlineReady(page);
  const nt2 = await page.evaluate(() => ({ ...nt2, module: nt2.module instanceof WebAssembly.Module }));
  assert.ok(nt2.module);
  assert.match(nt2.build, /^[0-9a-f]{16}$/);
  assert.deepEqual(nt2.config, { PUBLIC_API_URL: '' });
  // A browser says some seconds later that a preloaded file was not used.
  await page.waitForTimeout(4000);
  assert.deepEqual(record.complaints, []);
});

story('nothing is asked of any other server, and nothing at all once the page is kept', async (it) => {
  await served(it);
  const { context, page, record } = await it.browse();
  await page.goto(it.site.url);
  await offlineReady(page);
  // Only the service worker fetches this one: its requests are on record too.
  assert.ok(record.requests.some(({ url }) => url.includes('icon-maskable')));
  for (const { url, method } of record.requests) {
    assert.ok(url.startsWith(it.site.url), url);
    assert.equal(method, 'GET');
  }
  record.clear();
  await page.mouse.click(20, 20);
  await context.newPage();
  await page.waitForTimeout(2000);
  assert.deepEqual(record.requests, []);
});

story('the page can be installed, and opens the files of a vault', async (it) => {
  await served(it);
  const { context, page } = await it.browse();
  await page.goto(it.site.url);
  await offlineReady(page);
  const devtools = await context.newCDPSession(page);
  const { manifest, errors } = await devtools.send('Page.getAppManifest').then(({ data, errors }) => ({ manifest: JSON.parse(data), errors }));
  assert.deepEqual(errors, []);
  const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
  // The browser of a test has a profile of its own kind, which never installs anything; everything else must be in order.
  assert.deepEqual(
    installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito'),
    [],
  );
  const endings = manifest.file_handlers.flatMap(({ accept }) => Object.values(accept).flat());
  assert.deepEqual(endings.sort(), ['.nt2backup', '.nt2recovery', '.nt2share']);
  for (const { src, sizes } of manifest.icons.filter(({ type }) => type === 'image/png')) {
    const size = await page.evaluate(async (src) => {
      const image = await createImageBitmap(await (await fetch(src)).blob());
      return `${image.width}x${image.height}`;
    }, src);
    assert.equal(size, sizes);
  }
});

for (const [what, change, sentence] of [
  ['no Origin Private File System', () => delete StorageManager.prototype.getDirectory, /This browser has no Origin Private File System\./],
  ['no WebAssembly', () => delete globalThis.WebAssembly, /This browser has no WebAssembly\./],
  ['a window that keeps nothing', () => (StorageManager.prototype.getDirectory = () => Promise.reject(new DOMException('no', 'SecurityError'))), /ordinary window/],
]) {
  story(`${what}: one sentence says what to do`, async (it) => {
    await served(it);
    const { page } = await it.browse();
    await page.addInitScript(change);
    await page.goto(it.site.url);
    await page.getByRole('status').getByText(sentence).waitFor();
    await page.getByRole('button', { name: 'Load again' }).waitFor();
    assert.equal(await page.getByText('longer than it should').isVisible(), false);
  });
}

story('a browser that speaks German is told so in German', async (it) => {
  await served(it);
  const { page } = await it.browse({ locale: 'de-AT' });
  await page.addInitScript(() => delete globalThis.WebAssembly);
  await page.goto(it.site.url);
  await page.getByText('Diesem Browser fehlt WebAssembly.').waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), 'de');
});

story('without JavaScript the page says that it needs it', async (it) => {
  await served(it);
  const { page } = await it.browse({ javaScriptEnabled: false });
  await page.goto(it.site.url);
  // Not by its text: the test library never looks into this element for one.
  const sentence = page.locator('noscript p').first();
  await sentence.waitFor();
  assert.match(await sentence.textContent(), /needs JavaScript/);
});

story('a program that can not be fetched, or that breaks at once, is said to', async (it) => {
  await served(it);
  const { page } = await it.browse();
  await page.route('**/*.wasm', (route) => route.abort());
  await page.goto(it.site.url);
  await page.getByText('The program could not be loaded.').waitFor();
  await page.unroute('**/*.wasm');
  await page.goto(`${it.site.url}#broken`);
  await page.reload();
  await page.getByText('The program could not start: unreachable executed.').waitFor();
});

story('a server that gives the module another type is no obstacle', async (it) => {
  await served(it);
  const { page } = await it.browse();
  await page.route('**/*.wasm', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), 'content-type': 'application/octet-stream' } });
  });
  await page.goto(it.site.url);
  await page.locator('#vault[data-version=one]').waitFor();
});
