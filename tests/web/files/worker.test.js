// The program in a worker.

import assert from 'node:assert/strict';
import { join } from 'node:path';

import { story } from '../lib/each.js';
import { makeStandIn } from '../stand-in/make.js';

story('messages that come before the program is ready are answered in order', async ({ dir, site, browse }) => {
  site.pack(makeStandIn(join(dir, 'app'), 'one'));
  await site.start();
  const { page, record } = await browse();
  await page.goto(site.url);
  await page.waitForFunction(() => globalThis.nt2?.module);
  const answers = await page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const worker = new Worker(nt2.worker, { type: 'module', name: 'engine' });
        const answers = [];
        worker.onerror = reject;
        worker.onmessage = ({ data }) => {
          answers.push(data);
          if (answers.length === 3) worker.postMessage(3);
          if (answers.length === 4) resolve(answers);
        };
        worker.postMessage({ module: nt2.module });
        for (const n of [0, 1, 2]) worker.postMessage(n);
      }),
  );
  assert.deepEqual(
    answers,
    [0, 1, 2, 3].map((data) => ({ data, version: 'one', name: 'engine', answer: 42 })),
  );
  assert.deepEqual(record.complaints, []);
});

story('the window hears of a worker that can not start', async ({ dir, site, browse }) => {
  site.pack(makeStandIn(join(dir, 'app'), 'one'));
  await site.start();
  const { page } = await browse();
  await page.goto(site.url);
  await page.waitForFunction(() => globalThis.nt2?.module);
  const message = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const worker = new Worker(nt2.worker, { type: 'module', name: 'broken' });
        worker.onerror = (event) => resolve(event.message);
        worker.postMessage({ module: nt2.module });
      }),
  );
  assert.match(message, /a worker that can not start/);
});
