// What is measured comes from the native program: the same made-up items, brought into the browser by a backup.

import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { median } from './table.js';

const NATIVE = process.env.NT2_NATIVE;

export const PASSWORD = 'seven quiet herons cross the delta';
export const PASSPHRASE = 'a backup of seven quiet herons';

/** Runs the native program on the data folder `data` with these lines as its passwords. */
function nt2(data, words, lines) {
  if (!NATIVE) throw new Error('run this by: cargo xtask bench --web');
  const args = ['--data', data, '--key-store', 'disk', '--password-stdin', ...words];
  execFileSync(NATIVE, args, { input: lines.map((line) => `${line}\n`).join(''), stdio: ['pipe', 'ignore', 'inherit'] });
}

/**
 * A native vault of so many made-up items, always the same; gives its data folder. Its Argon2id costs 64 MiB and 3 passes, the least there is:
 * a new vault's cost follows from the time that one derivation takes, and this process is stopped nine tenths of it.
 */
export async function makeVault(dir, n) {
  const data = join(dir, `native-${n}`);
  rmSync(data, { recursive: true, force: true });
  const child = spawn(NATIVE, ['--data', data, '--key-store', 'disk', '--password-stdin', 'create', 'Made up'], { stdio: ['pipe', 'ignore', 'ignore'] });
  const ended = once(child, 'exit');
  child.stdin.end(`${PASSWORD}\n${PASSWORD}\n`);
  while (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGSTOP');
    await sleep(90);
    child.kill('SIGCONT');
    await sleep(10);
  }
  const [code] = await ended;
  if (code !== 0) throw new Error('the native program makes no vault');
  if (n > 0) nt2(data, ['generate-vault', '--items', String(n), '--seed', '1'], [PASSWORD]);
  return data;
}

/** Its backup; gives the file, which is made once. */
export async function makeBackup(dir, n) {
  const file = join(dir, `made-up-${n}.nt2backup`);
  if (!existsSync(file)) nt2(await makeVault(dir, n), ['backup', file], [PASSWORD, PASSPHRASE, PASSPHRASE]);
  return file;
}

/** A file that no compression shortens. */
export function makeFile(path, bytes) {
  const file = openSync(path, 'w');
  for (let left = bytes; left > 0; left -= 1 << 20) writeSync(file, randomBytes(Math.min(left, 1 << 20)));
  closeSync(file);
  return path;
}

/** Milliseconds in which the native program attaches a file, without its start and the unlocking: less what a file of one byte takes. */
export async function nativeSealMs(dir, path, rounds) {
  const data = await makeVault(dir, 0);
  nt2(data, ['add', 'note', 'Files'], [PASSWORD]);
  const small = makeFile(join(dir, 'one.bin'), 1);
  const timed = (file) => {
    const start = performance.now();
    nt2(data, ['attach', 'Files', file], [PASSWORD]);
    return performance.now() - start;
  };
  const differences = Array.from({ length: rounds }, () => timed(path) - timed(small));
  return median(differences);
}
