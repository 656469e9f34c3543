// A folder, a site and a browser for one test, taken away after it.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { Record, open } from './browser.js';
import { Site } from './site.js';

/** Enough for a browser that draws in software on a busy machine. */
const TIMEOUT_MS = 180_000;

/**
 * A test with `{ dir, site, browse }`. `browse()` opens a browser on the profile of the test, closing the one before: what is kept is what
 * survives a restart. With another `profile` it is another device. It gives `{ context, page, record }`.
 */
export function story(name, body) {
  test(name, { timeout: TIMEOUT_MS }, async (t) => {
    const dir = await mkdtemp(join(tmpdir(), 'nt2-web-'));
    const site = new Site(dir);
    let context = null;
    const browse = async ({ profile = 'profile', ...options } = {}) => {
      await context?.close();
      context = await open(join(dir, profile), options);
      return { context, page: context.pages()[0] ?? (await context.newPage()), record: new Record(context) };
    };
    t.after(async () => {
      await context?.close();
      await site.stop();
      await rm(dir, { recursive: true, force: true, maxRetries: 5 });
    });
    await body({ dir, site, browse });
  });
}
