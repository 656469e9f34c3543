// From the start of the navigation until the first frame is on the screen.

import { Device } from './device.js';
import { median, row, time } from './table.js';

const ROUNDS = 5;
const MOST_MS = 1500;

export async function rows(dir, site) {
  const cold = [];
  const kept = [];
  for (let round = 0; round < ROUNDS; round++) {
    const device = new Device(dir, site, `start-${round}`);
    await device.start();
    cold.push(await device.load());
    await device.kept();
    kept.push(await device.reload());
    await device.close();
  }
  const line = (what, values) => row(what, { ours: time(median(values)), target: '≤ 1.5 s', met: median(values) <= MOST_MS });
  return [line('first frame, never loaded before', cold), line('first frame, from the service worker', kept)];
}
