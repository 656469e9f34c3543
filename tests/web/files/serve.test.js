// What the server sends.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { story } from '../lib/each.js';
import { makeStandIn } from '../stand-in/make.js';

story('files have their types, and only names with a hash are kept for good', async ({ dir, site }) => {
  site.pack(makeStandIn(join(dir, 'app'), 'one'));
  await site.start();
  const types = {
    '.html': 'text/html',
    '.js': 'text/javascript',
    '.json': 'application/json',
    '.wasm': 'application/wasm',
    '.webmanifest': 'application/manifest+json',
    '.css': 'text/css',
    '.svg': 'image/svg+xml',
    '.png': 'image/png',
  };
  const names = readdirSync(site.root);
  assert.ok(names.length > 12);
  for (const name of ['', ...names]) {
    const response = await fetch(new URL(name, site.url));
    const type = types[name.slice(name.lastIndexOf('.'))] ?? 'text/html';
    assert.equal(response.headers.get('content-type').split(';')[0], type, name);
    const kept = response.headers.get('cache-control');
    assert.equal(kept.includes('immutable'), /-[0-9a-f]{16}\./.test(name), `${name}: ${kept}`);
  }
});

story('every answer carries the rules of the page, also one that finds nothing', async ({ dir, site }) => {
  site.pack(makeStandIn(join(dir, 'app'), 'one'));
  await site.start();
  for (const name of ['', 'sw.js', 'nothing-here']) {
    const { headers, status } = await fetch(new URL(name, site.url));
    assert.equal(status, name === 'nothing-here' ? 404 : 200);
    const policy = headers.get('content-security-policy');
    for (const rule of ["default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "connect-src 'self' https:", "style-src 'self'", "frame-ancestors 'none'"]) {
      assert.ok(policy.split('; ').includes(rule), `${rule} in ${policy}`);
    }
    assert.equal(headers.get('referrer-policy'), 'no-referrer');
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(headers.get('cross-origin-opener-policy'), 'same-origin');
    assert.match(headers.get('permissions-policy'), /camera=\(\)/);
  }
});

story('nothing outside the folder is served', async ({ dir, site }) => {
  site.pack(makeStandIn(join(dir, 'app'), 'one'));
  await site.start();
  for (const path of ['/../app/nt2.js', '/%2e%2e/app/nt2.js', '/..%2fapp/nt2.js', '//etc/hostname']) {
    const response = await fetch(site.url.replace(/\/$/, '') + path);
    assert.notEqual(response.status, 200, path);
  }
});
