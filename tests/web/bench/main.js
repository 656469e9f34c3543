// `cargo xtask bench --web`: measures the packed program in Chromium and prints one table.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Site } from '../lib/site.js';
import * as files from './files.js';
import * as list from './list.js';
import * as size from './size.js';
import * as start from './start.js';
import { render } from './table.js';
import * as unlock from './unlock.js';

const APP = process.env.NT2_WEB_APP;
const MANY = Number(process.env.NT2_BENCH_ITEMS ?? 100_000);
const MIDDLE = Math.min(MANY, 10_000);
/** Only these parts, for who works on one. */
const ONLY = process.env.NT2_BENCH_ONLY?.split(',');

if (!APP) throw new Error('run this by: cargo xtask bench --web');

const dir = process.env.NT2_BENCH_DIR ?? (await mkdtemp(join(tmpdir(), 'nt2-web-bench-')));
const site = new Site(dir);
const parts = {
  size: () => size.rows(site),
  start: () => start.rows(dir, site),
  unlock: () => unlock.rows(dir, site),
  files: () => files.rows(dir, site),
  list: () => list.rows(dir, site, MIDDLE, MANY),
};
const rows = [];
try {
  site.pack(APP);
  await site.start();
  for (const [name, measure] of Object.entries(parts)) {
    if (ONLY && !ONLY.includes(name)) continue;
    if (process.stderr.isTTY) console.error(`${name} …`);
    rows.push(...(await measure()));
  }
} finally {
  // Also what was measured before something failed.
  console.log(render(rows));
  await site.stop();
  if (!process.env.NT2_BENCH_DIR) await rm(dir, { recursive: true, force: true, maxRetries: 5 });
}
