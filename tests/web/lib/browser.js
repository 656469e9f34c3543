// Chromium with a profile that outlives it, and a record of what its pages say and ask for.

import { chromium } from 'playwright-core';

const EXECUTABLE = process.env.NT2_CHROMIUM ?? '/usr/bin/chromium';
// No GPU is needed: SwiftShader draws in software. --no-sandbox because the tests may run as root, as in a container.
const FLAGS = ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-background-networking', '--disable-component-update'];

/** Opens a browser on the profile in `dir`. Ends with `close()`, after which another may open the same profile. */
export async function open(dir, options = {}) {
  const context = await chromium.launchPersistentContext(dir, {
    executablePath: EXECUTABLE,
    args: FLAGS,
    locale: 'en-GB',
    viewport: { width: 1280, height: 800 },
    acceptDownloads: true,
    ...options,
  });
  context.setDefaultTimeout(30_000);
  return context;
}

/** Advice about the speed of eframe's reader of the system's glyphs, which reads each once. */
const ADVICE = /^Canvas2D: Multiple readback operations/;

/** What a page and its workers wrote to the console, threw, and asked the network for. */
export class Record {
  /** Everything that is not a plain log line. */
  complaints = [];
  /** `{ url, method }`, also of the service worker. */
  requests = [];

  constructor(context) {
    context.on('request', (request) => this.requests.push({ url: request.url(), method: request.method() }));
    context.on('weberror', (error) => this.complaints.push(String(error.error().stack ?? error.error())));
    context.on('console', (message) => {
      if (['error', 'warning', 'assert'].includes(message.type()) && !ADVICE.test(message.text())) this.complaints.push(`${message.type()}: ${message.text()}`);
    });
  }

  /** Forgets what was asked for so far. */
  clear() {
    this.requests.length = 0;
  }
}

/** Waits until the service worker keeps the page for offline. */
export async function offlineReady(page) {
  await page.waitForFunction(() => globalThis.nt2?.offline === 'ready');
}
