// Opening, searching and scrolling.

import { shown, waitFor } from '../lib/app.js';
import { Device } from './device.js';
import { median, quantile, row, time } from './table.js';
import { makeBackup } from './vaults.js';
import { clearFrames, frames } from './watch.js';

const OPENINGS = 3;
/** Typed letter by letter: short texts with very many hits decide the 95th percentile. */
const TEXTS = ['bank', 'anna', 'mail', 'amazon', 'card', 'wifi', 'github', 'm'];
/** After a key the list counts as drawn when it has not changed for so long. */
const QUIET_MS = 250;
const TURNS = 14;
const STEPS = 10;
const STEP_PX = 240;
const FRAME_MS = 16;
const MOST_RATIO = 1.2;

/** With `n` items in the browser; gives `{ openMs, keys, work, gaps, restoreMs }`. */
async function measure(dir, site, n) {
  const device = new Device(dir, site, `list-${n}`);
  const page = await device.start();
  await device.load();
  const restoreMs = await device.restore(await makeBackup(dir, n));
  await device.show('items');
  await device.listShown();
  const opened = [];
  for (let round = 0; round < OPENINGS; round++) opened.push(await device.openAgain());
  const scrolled = await scroll(page);
  const keys = await search(page);
  await device.close();
  return { openMs: median(opened), keys, ...scrolled, restoreMs };
}

/** Up and down by the wheel over the list. */
async function scroll(page) {
  const area = await shown(page, 'listbox', /^Items/).evaluate((element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return { x: left + width / 2, y: top + height / 2 };
  });
  await page.mouse.move(area.x, area.y);
  await clearFrames(page);
  for (let turn = 0; turn < TURNS; turn++) {
    // What the first turn draws for the first time, letters above all, is drawn once.
    if (turn === 2) await clearFrames(page);
    for (let step = 0; step < STEPS; step++) await page.mouse.wheel(0, turn % 2 === 0 ? STEP_PX : -STEP_PX);
    await page.waitForTimeout(QUIET_MS);
  }
  return frames(page);
}

/**
 * Of each key that changed the list, in milliseconds: `whole` from the key down to the list's last change, `engine` from the question to the
 * engine until its answer is taken in, `decode` what of that the page did itself, and `frame` the longest work on a frame meanwhile.
 */
async function search(page) {
  await waitFor(page, 'textbox', /^Search/);
  await shown(page, 'textbox', /^Search/).focus();
  await page.waitForTimeout(QUIET_MS);
  const values = [];
  for (const text of TEXTS) {
    await page.keyboard.press('Control+A');
    for (const letter of text) {
      await page.evaluate(() => Object.assign(benchClocks, { heard: [], work: [], sent: 0, answers: [] }));
      await page.keyboard.press(letter);
      const times = await page.evaluate(async (quietMs) => {
        const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
        await wait(quietMs);
        while (benchClocks.heard.length > 0 && performance.now() - benchClocks.heard.at(-1) < quietMs) await wait(quietMs / 5);
        const { heard, work, sent, answers, lastKey } = benchClocks;
        // A list that changed by itself is no answer to the key.
        if (heard.length === 0 || answers.length === 0 || sent === 0) return null;
        const decode = answers.reduce((sum, [start, end]) => sum + end - start, 0);
        return { whole: heard.at(-1) - lastKey, engine: answers.at(-1)[1] - sent, decode, frame: Math.max(...work) };
      }, QUIET_MS);
      if (times !== null) values.push(times);
    }
  }
  return values;
}

/** `middle` and `many` items are opened and searched; frames compare `many` rows with a hundred. */
export async function rows(dir, site, middle, many) {
  const few = await measure(dir, site, 100);
  const some = await measure(dir, site, middle);
  const all = many === middle ? some : await measure(dir, site, many);
  const opening = ({ openMs }, n) => row(`open and list ${n} items, without a password, Enter to list`, { ours: time(openMs) });
  const p95 = ({ keys }, part) => quantile(keys.map((times) => times[part]), 0.95);
  const keystroke = (measured, n) => [
    row(`keystroke to results in ${n} items: engine and wire, p95 of ${measured.keys.length}; 100 items`, {
      ours: time(p95(measured, 'engine')),
      peer: time(p95(few, 'engine')),
      ratio: p95(measured, 'engine') / p95(few, 'engine'),
      target: `≤ ${FRAME_MS} ms`,
      met: p95(measured, 'engine') <= FRAME_MS,
    }),
    row('… of that in the page; 100 items', { ours: time(p95(measured, 'decode')), peer: time(p95(few, 'decode')) }),
    row('… the longest frame, the program\'s part; 100 items', { ours: time(p95(measured, 'frame')), peer: time(p95(few, 'frame')) }),
    row('… all of it, with two frames drawn in software; 100 items', { ours: time(p95(measured, 'whole')), peer: time(p95(few, 'whole')) }),
  ];
  const p99 = quantile(all.work, 0.99);
  const base = quantile(few.work, 0.99);
  const frame = row(`frame while scrolling ${many} rows, p99 of ${all.work.length}, the program's part; 100 rows`, {
    ours: time(p99),
    peer: time(base),
    ratio: p99 / base,
    target: `≤ ${MOST_RATIO}, ≤ ${FRAME_MS} ms`,
    met: p99 / base <= MOST_RATIO && p99 <= FRAME_MS,
  });
  const middleOf = row(`the same, median; 100 rows`, {
    ours: time(median(all.work)),
    peer: time(median(few.work)),
    ratio: median(all.work) / median(few.work),
  });
  const apart = row(`between two such frames, p99, with the drawing in software; 100 rows`, {
    ours: time(quantile(all.gaps, 0.99)),
    peer: time(quantile(few.gaps, 0.99)),
    ratio: quantile(all.gaps, 0.99) / quantile(few.gaps, 0.99),
  });
  const sizes = many === middle ? [[some, middle]] : [[some, middle], [all, many]];
  return [
    ...sizes.map(([measured, n]) => opening(measured, n)),
    ...sizes.flatMap(([measured, n]) => keystroke(measured, n)),
    frame,
    middleOf,
    apart,
    row(`restore a backup of ${many} items`, { ours: time(all.restoreMs) }),
  ];
}
