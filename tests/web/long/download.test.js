// Downloads that are too long for CI: `cargo xtask long`.

import assert from 'node:assert/strict';
import { join } from 'node:path';

import { offlineReady } from '../lib/browser.js';
import { story } from '../lib/each.js';
import { extraMemory } from '../lib/memory.js';
import { makeStandIn } from '../stand-in/make.js';

const MIB = 1 << 20;

const save = (page, pieces, pauseMs) =>
  page.evaluate(
    ([pieces, pauseMs]) => {
      let asked = 0;
      const pull = async () => {
        if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
        return asked < pieces ? new Uint8Array(1 << 20).fill(asked++) : null;
      };
      return nt2.download({ name: 'large.bin', mime: 'application/octet-stream', size: pieces << 20, pull }).then(() => undefined);
    },
    [pieces, pauseMs],
  );

async function opened({ dir, site, browse }) {
  site.pack(makeStandIn(join(dir, 'app'), 'one'));
  await site.start();
  const { page } = await browse();
  await page.goto(site.url);
  await offlineReady(page);
  return page;
}

story('a download of 500 MB takes at most 150 MB of memory', async (it) => {
  const page = await opened(it);
  const extra = await extraMemory(join(it.dir, 'profile'), () => save(page, 500, 0));
  console.log(`500 MiB saved with ${Math.round(extra / MIB)} MiB of extra memory`);
  assert.ok(extra <= 150e6, `${extra} bytes`);
});

story('a download that pauses for longer than a service worker is kept for nothing goes on', async (it) => {
  const page = await opened(it);
  await save(page, 2, 45_000);
});
