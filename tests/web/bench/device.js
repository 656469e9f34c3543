// A browser on a profile of its own with a vault in it, brought there by a backup.

import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { drawn, press, type, waitFor } from '../lib/app.js';
import { offlineReady, open } from '../lib/browser.js';
import { PASSPHRASE, PASSWORD } from './vaults.js';
import { whenShown, withClocks } from './watch.js';

/** Until the program has come to rest. */
const SETTLE_MS = 1_000;
/** A hundred thousand items are restored in this time even where the browser draws in software. */
const PATIENCE_MS = 1_800_000;

/** Names the number of items. */
const ALL = '^All items, (.+)$';
/** What the window says while a request runs. */
const WORKING = '^Working';

export class Device {
  /** `name` is that of the profile. */
  constructor(dir, site, name) {
    this.dir = join(dir, `profile-${name}`);
    this.site = site;
    /** How many items the list shows, as the program writes it. */
    this.count = '';
  }

  /** Starts the browser; the page stays empty. */
  async start() {
    this.context = await open(this.dir);
    this.context.setDefaultTimeout(PATIENCE_MS);
    await withClocks(this.context);
    this.page = this.context.pages()[0] ?? (await this.context.newPage());
    return this.page;
  }

  /** Opens the program; gives the milliseconds until its first frame was on the screen. */
  async load() {
    await this.page.goto(this.site.url);
    return this.#firstFrame();
  }

  /** Loads the page again; gives the same. */
  async reload() {
    await this.page.reload();
    return this.#firstFrame();
  }

  async #firstFrame() {
    await drawn(this.page);
    return this.page.evaluate(() => benchClocks.shown);
  }

  /** Waits until the service worker keeps the program. */
  kept() {
    return offlineReady(this.page);
  }

  /** Brings a backup in as the first vault; with a master password if one is given. Gives the milliseconds until it was open. */
  async restore(backup, password = '') {
    const { page } = this;
    await press(page, 'Open a backup');
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), press(page, 'Choose backup…')]);
    await chooser.setFiles(backup);
    await type(page, 'Passphrase of the backup', PASSPHRASE);
    if (password) {
      await type(page, 'New master password', password);
      await type(page, 'Master password again', password);
    }
    const start = performance.now();
    await press(page, 'Restore');
    // It is open while its items still come in. Archived ones are not among those that are counted.
    await waitFor(page, 'tab', new RegExp(ALL));
    const [count, waited] = await page.evaluate(
      ([all, working, settleMs]) =>
        new Promise((resolve) => {
          const mirror = document.getElementById('mirror');
          const name = (element) => element.getAttribute('aria-label') ?? element.textContent;
          let since = performance.now();
          let before = '';
          const timer = setInterval(() => {
            const tabs = [...mirror.querySelectorAll('[role="tab"]')].map((tab) => new RegExp(all).exec(name(tab)));
            const count = tabs.find((match) => match)?.[1] ?? '';
            const works = [...mirror.querySelectorAll('*')].some((element) => new RegExp(working).test(name(element)));
            if (works || count !== before) [since, before] = [performance.now(), count];
            if (performance.now() - since < settleMs) return;
            clearInterval(timer);
            resolve([count, performance.now() - since]);
          }, settleMs / 10);
        }),
      [ALL, WORKING, SETTLE_MS],
    );
    this.count = count;
    return performance.now() - start - waited;
  }

  /** When the list of all items was there, by the page's clock. */
  listShown() {
    return whenShown(this.page, 'listbox', new RegExp(`^Items: ${this.count}$`));
  }

  /** Goes to another screen. */
  async show(route) {
    await this.page.evaluate((route) => (location.hash = `#/${route}`), route);
    await this.page.waitForTimeout(SETTLE_MS);
  }

  /** Locks, and opens the vault, which has no password; gives the milliseconds until its list was there. */
  async openAgain() {
    const { page } = this;
    await press(page, /^Locks in/);
    await waitFor(page, 'button', 'Open vault');
    await page.waitForTimeout(SETTLE_MS);
    const list = this.listShown();
    await page.keyboard.press('Enter');
    const end = await list;
    return end - (await page.evaluate(() => benchClocks.lastKey));
  }

  /** From the lock screen with the master password; gives the milliseconds from Enter until the list was there. */
  async unlock() {
    const { page } = this;
    await type(page, 'Master password', PASSWORD);
    const list = this.listShown();
    await page.keyboard.press('Enter');
    const end = await list;
    return end - (await page.evaluate(() => benchClocks.lastKey));
  }

  async close() {
    await this.context?.close();
    rmSync(this.dir, { recursive: true, force: true, maxRetries: 5 });
  }
}
