// The command line of the native program, on data of the test's own.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const PROGRAM = process.env.NT2_NATIVE;

/** A computer whose data lie in `dir`. */
export class Computer {
  #data;

  constructor(dir) {
    this.#data = join(dir, 'computer');
  }

  /** Runs a command and gives what it printed as JSON. `passwords` are those it asks for, in order. */
  async run(args, passwords = []) {
    if (!PROGRAM) throw new Error('run these tests by: cargo xtask web-test');
    const all = [...args, '--json', '--password-stdin', '--data', this.#data, '--key-store', 'disk'];
    const process = spawn(PROGRAM, all, { stdio: 'pipe' });
    process.stdin.end(passwords.map((password) => `${password}\n`).join(''));
    const [printed, said, [code]] = await Promise.all([text(process.stdout), text(process.stderr), once(process, 'exit')]);
    if (code !== 0) throw new Error(`nt2 ${args.join(' ')} ended with ${code}: ${said}`);
    return JSON.parse(printed);
  }
}
