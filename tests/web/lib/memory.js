// How much memory a browser takes, all its processes together. Reads /proc: Linux only, as is the browser of these tests.

import { readFileSync, readdirSync } from 'node:fs';

const MIB = 1 << 20;

const read = (pid, name) => {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return ''; // it has ended
  }
};

/** The browser on the profile in `dir`, and its descendants. */
function processes(dir) {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const parents = new Map(all.map((pid) => [pid, read(pid, 'stat').split(') ').at(-1).split(' ')[1]]));
  const ours = new Set(all.filter((pid) => read(pid, 'cmdline').split('\0').includes(`--user-data-dir=${dir}`)));
  for (let found = true; found; ) {
    found = false;
    for (const [pid, parent] of parents) {
      if (!ours.has(pid) && ours.has(parent)) {
        ours.add(pid);
        found = true;
      }
    }
  }
  return [...ours];
}

/** In bytes; pages that several processes share count once. */
export function memoryOf(dir) {
  const kib = processes(dir).map((pid) => Number(/^Pss:\s+(\d+) kB/m.exec(read(pid, 'smaps_rollup'))?.[1] ?? 0));
  return kib.reduce((sum, kib) => sum + kib * 1024, 0);
}

/** Runs `work` and gives how much memory the browser took at most beyond what it had before, in bytes. */
export async function extraMemory(dir, work) {
  const before = memoryOf(dir);
  if (before < 50 * MIB) throw new Error('no browser is found there');
  let peak = before;
  const sample = setInterval(() => (peak = Math.max(peak, memoryOf(dir))), 100);
  try {
    await work();
  } finally {
    clearInterval(sample);
  }
  return peak - before;
}
