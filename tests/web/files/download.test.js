// Downloads that are never held in memory.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { offlineReady } from '../lib/browser.js';
import { story } from '../lib/each.js';
import { makeStandIn } from '../stand-in/make.js';

async function opened({ dir, site, browse }) {
  site.pack(makeStandIn(join(dir, 'app'), 'one'));
  await site.start();
  const browser = await browse();
  await browser.page.goto(site.url);
  await offlineReady(browser.page);
  return browser;
}

/** Starts a download of `pieces` pieces of a mebibyte, each filled with its number; what becomes of it is in `globalThis.saved`. */
const save = (page, name, pieces, failing = -1) =>
  page.evaluate(
    ([name, pieces, failing]) => {
      globalThis.asked = 0;
      globalThis.saved = 'running';
      const pull = async () => {
        if (asked === failing) throw new Error('the file is damaged');
        return asked < pieces ? new Uint8Array(1 << 20).fill(asked++) : null;
      };
      nt2.download({ name, mime: 'application/octet-stream', size: pieces << 20, pull, cancel: () => (globalThis.cancelled = true) }).then(
        () => (globalThis.saved = 'done'),
        (error) => (globalThis.saved = String(error)),
      );
    },
    [name, pieces, failing],
  );

async function hash(path) {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(path)) hash.update(bytes);
  return hash.digest('hex');
}

function expectedHash(pieces) {
  const hash = createHash('sha256');
  for (let n = 0; n < pieces; n++) hash.update(Buffer.alloc(1 << 20, n));
  return hash.digest('hex');
}

story('a file arrives whole and under its name', async (it) => {
  const { page, record } = await opened(it);
  const started = page.waitForEvent('download');
  const name = "Büro (2), 'alt'; 50 % ★.nt2backup";
  await save(page, name, 40);
  const download = await started;
  assert.equal(download.suggestedFilename(), name);
  assert.equal(await hash(await download.path()), expectedHash(40));
  await page.waitForFunction(() => saved === 'done');
  assert.equal(await page.locator('iframe').count(), 0);
  assert.deepEqual(record.complaints, []);
  assert.deepEqual(record.requests.filter(({ url }) => !url.startsWith(it.site.url)), []);
});

story('two files at once do not mix', async (it) => {
  const { page } = await opened(it);
  const downloads = [];
  page.on('download', (download) => downloads.push(download));
  await page.evaluate(() => {
    const file = (name, letter) => {
      let left = 50;
      return nt2.download({ name, mime: 'text/plain', size: null, pull: async () => (left-- > 0 ? new TextEncoder().encode(letter) : null) });
    };
    return Promise.all([file('a.txt', 'a'), file('b.txt', 'b')]).then(() => undefined);
  });
  const contents = await Promise.all(downloads.map(async (download) => [download.suggestedFilename(), await readFile(await download.path(), 'utf8')]));
  assert.deepEqual(contents.sort(), [
    ['a.txt', 'a'.repeat(50)],
    ['b.txt', 'b'.repeat(50)],
  ]);
});

story('a file that can not be read to its end does not look complete', async (it) => {
  const { page } = await opened(it);
  const started = page.waitForEvent('download');
  await save(page, 'broken.bin', 20, 10);
  const download = await started;
  assert.notEqual(await download.failure(), null);
  await page.waitForFunction(() => saved === 'Error: the file is damaged');
});

story('the page hears when the person stops a download', async (it) => {
  const { page } = await opened(it);
  const started = page.waitForEvent('download');
  await save(page, 'long.bin', 100_000);
  const download = await started;
  await download.cancel();
  await page.waitForFunction(() => saved === 'cancelled' && globalThis.cancelled);
});

story('an address of a download that nobody offered finds nothing, and asks no server', async (it) => {
  const { page, record } = await opened(it);
  record.clear();
  const status = await page.evaluate(async () => (await fetch('download/0')).status);
  assert.equal(status, 404);
  await it.site.stop();
  assert.equal(await page.evaluate(async () => (await fetch('download/1')).status), 404);
});
