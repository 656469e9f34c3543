// The sync server, on data of the test's own. It serves the packed program too: an origin of its own, as where somebody hosts both.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const PROGRAM = process.env.NT2_SERVER;

export class SyncServer {
  #process = null;
  #settings;

  /** `dir` is written to; `app` = the compiled program. */
  constructor(dir, app) {
    if (!PROGRAM) throw new Error('run these tests by: cargo xtask web-test');
    const site = join(dir, 'sync-site');
    execFileSync(process.env.NT2_XTASK_WEB, ['pack', '--app', app, '--out', site], { stdio: ['ignore', 'ignore', 'inherit'] });
    this.#settings = { NT2_DATA_DIR: join(dir, 'sync-data'), NT2_WEB_DIR: site, NT2_LOG: 'warn' };
    this.url = null;
  }

  /** On the same port as before, if there was a before. A login is signed for the address, so that is known before the server is. */
  async start() {
    this.url ??= `http://127.0.0.1:${await freePort()}`;
    const env = { ...process.env, ...this.#settings, NT2_LISTEN: new URL(this.url).host, PUBLIC_API_URL: this.url };
    this.#process = spawn(PROGRAM, [], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    await once(createInterface(this.#process.stdout), 'line');
  }

  async stop() {
    if (!this.#process) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await ended;
    this.#process = null;
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
