// A packed program on a server of its own, which a test may stop, start again, and give another version.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const TOOL = process.env.NT2_XTASK_WEB;
if (!TOOL) throw new Error('run these tests by: cargo xtask web-test');

export class Site {
  #process = null;

  /** `dir` is written to. */
  constructor(dir) {
    this.root = join(dir, 'site');
    this.url = null;
  }

  /** Packs the program in the folder `app`; a running server serves it from now on. */
  pack(app, apiUrl = '') {
    execFileSync(TOOL, ['pack', '--app', app, '--out', this.root, '--api-url', apiUrl], { stdio: ['ignore', 'ignore', 'inherit'] });
  }

  /** Puts another text in place of a packed file. */
  replace(name, text) {
    return writeFile(join(this.root, name), text);
  }

  /** On the same port as before, if there was a before: an origin includes its port. */
  async start() {
    const port = this.url ? new URL(this.url).port : '0';
    this.#process = spawn(TOOL, ['serve', '--until-input-ends', '--port', port, '--dir', this.root], { stdio: ['pipe', 'pipe', 'inherit'] });
    const [line] = await once(createInterface(this.#process.stdout), 'line');
    this.url = line;
  }

  async stop() {
    if (!this.#process) return;
    const ended = once(this.#process, 'exit');
    this.#process.stdin.end();
    await ended;
    this.#process = null;
  }
}
