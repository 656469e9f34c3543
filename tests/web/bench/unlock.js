// From Enter to the list, beside hash-wasm's Argon2id of the same cost in the same browser. Both sides start a worker each time.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import { waitFor } from '../lib/app.js';
import { Device } from './device.js';
import { median, row, time } from './table.js';
import { PASSWORD, makeBackup } from './vaults.js';

const ROUNDS = 7;
const N_ITEMS = 100;
const MOST_RATIO = 1.0;

/** That of the made-up vault: 64 MiB, 3 passes, 1 lane. */
const COST = { memorySize: 64 * 1024, iterations: 3, parallelism: 1 };

const PEER = `
importScripts('bench-argon2.js');
onmessage = async ({ data }) => postMessage(await hashwasm.argon2id({ ...data, hashLength: 32, outputType: 'binary' }));
`;

/** The same of this program's own worker (app/web/README.md), without the engine and the window beside it. */
const ourDerivation = (page) =>
  page.evaluate(
    ([password, { memorySize, iterations, parallelism }]) =>
      new Promise((resolve, reject) => {
        const start = performance.now();
        const worker = new Worker(nt2.worker, { type: 'module', name: 'argon2' });
        worker.onmessage = ({ data }) => (data.key ? resolve(performance.now() - start) : reject(new Error('no key was derived')));
        worker.postMessage({ module: nt2.module });
        const salt = crypto.getRandomValues(new Uint8Array(32));
        worker.postMessage({ password: new TextEncoder().encode(password), salt, cost: Uint32Array.of(memorySize, iterations, parallelism) });
      }),
    [PASSWORD, COST],
  );

/** Milliseconds until a fresh worker has answered. */
const theirs = (page) =>
  page.evaluate(
    ([password, cost]) =>
      new Promise((resolve, reject) => {
        const start = performance.now();
        const worker = new Worker('bench-peer.js');
        worker.onerror = () => reject(new Error('hash-wasm does not start'));
        worker.onmessage = () => {
          resolve(performance.now() - start);
          worker.terminate();
        };
        worker.postMessage({ password, salt: crypto.getRandomValues(new Uint8Array(32)), ...cost });
      }),
    [PASSWORD, COST],
  );

export async function rows(dir, site) {
  const library = createRequire(import.meta.url).resolve('hash-wasm/dist/argon2.umd.min.js');
  await site.replace('bench-argon2.js', await readFile(library, 'utf8'));
  await site.replace('bench-peer.js', PEER);
  const device = new Device(dir, site, 'unlock');
  const page = await device.start();
  await device.load();
  await device.restore(await makeBackup(dir, N_ITEMS), PASSWORD);
  const derived = [];
  const ours = [];
  const peer = [];
  for (let round = 0; round < ROUNDS; round++) {
    await device.reload();
    await waitFor(page, 'textbox', 'Master password');
    // The first frames of the page must not count against either side.
    await page.waitForTimeout(1_000);
    peer.push(await theirs(page));
    derived.push(await ourDerivation(page));
    ours.push(await device.unlock());
  }
  await device.close();
  const theirMs = median(peer);
  const ratio = median(ours) / theirMs;
  return [
    row('Argon2id 64 MiB, 3 passes, in a fresh worker; hash-wasm', { ours: time(median(derived)), peer: time(theirMs), ratio: median(derived) / theirMs }),
    row(`unlock ${N_ITEMS} items with that, Enter to list; hash-wasm alone`, {
      ours: time(median(ours)),
      peer: time(theirMs),
      ratio,
      target: '≤ 1.0',
      met: ratio <= MOST_RATIO,
    }),
  ];
}
