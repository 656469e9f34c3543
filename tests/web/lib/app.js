// The real program in a page. It draws on a canvas; tests reach what it shows by role and name, in the mirror of its accessibility tree.

import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { offlineReady } from './browser.js';
import { story } from './each.js';

const APP = process.env.NT2_WEB_APP;

/** A `story` with the real program on the site, which is already served. */
export function appStory(name, body) {
  story(name, async (it) => {
    if (!APP) throw new Error('run these tests by: cargo xtask web-test');
    it.site.pack(APP);
    await it.site.start();
    let browser = null;
    try {
      await body({ ...it, browse: async (options) => (browser = await it.browse(options)) });
    } catch (error) {
      await describe(browser?.context, name);
      throw error;
    }
  });
}

/** What the open pages show, on the console and as pictures: for the person who looks why a test failed. */
async function describe(context, name) {
  for (const [idx, page] of (context?.pages() ?? []).entries()) {
    const picture = join(tmpdir(), `nt2-web-${name.replace(/[^a-z]+/gi, '-').slice(0, 60)}-${idx + 1}.png`);
    await page.screenshot({ path: picture, timeout: 5000 }).catch(() => undefined);
    console.log(`page ${idx + 1} (${picture}):\n${await outline(page).catch(() => 'nothing')}`);
  }
}

/** Another version: the same program, set for another server. */
export const publishAnother = (site) => site.pack(APP, 'https://another.example.org');

/** Waits for the first frame. Fails with the sentence on the page if the program could not start. */
export async function drawn(page) {
  await page.waitForFunction(() => document.getElementById('loading').hidden || document.body.classList.contains('failed'));
  if (await page.evaluate(() => document.body.classList.contains('failed'))) throw new Error(await page.locator('#says').textContent());
}

/** Opens the page and waits for its first frame. */
export async function openApp(page, site) {
  await page.goto(site.url);
  await drawn(page);
}

/** Opens the page and waits until it would start without a network. */
export async function openAndKeep(page, site) {
  await openApp(page, site);
  await offlineReady(page);
}

/** Waits until the canvas shows more than a ground: the program has heard from its engine. */
export async function somethingDrawn(page) {
  for (let tries = 0; (await colours(page)) < 20; tries++) {
    if (tries === 50) throw new Error('the canvas stays empty');
    await page.waitForTimeout(200);
  }
}

/** How many colours a picture of the page has. */
async function colours(page) {
  const picture = (await page.screenshot()).toString('base64');
  return page.evaluate(async (picture) => {
    const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const draw = new OffscreenCanvas(image.width, image.height).getContext('2d');
    draw.drawImage(image, 0, 0);
    return new Set(new Uint32Array(draw.getImageData(0, 0, image.width, image.height).data.buffer)).size;
  }, picture);
}

/** The mirror's first element of a role and name; a name may be a pattern. */
export const shown = (page, role, name) => page.locator('#mirror').getByRole(role, { name, exact: true }).first();

/** Waits until the program shows it. The mirror is never visible, so it is there or not. */
export const waitFor = (page, role, name) => shown(page, role, name).waitFor({ state: 'attached' });

/** Waits until the program shows a text that holds this one. */
export const waitForText = (page, text) => page.locator('#mirror').getByText(text).first().waitFor({ state: 'attached' });

/** Waits until the program has drawn with all it was given: what arrives between two frames is one event to it, whatever its order. */
const frames = (page) => page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));

/** Does what a click on it would. Not the mouse's click: a pointer never meets the mirror. */
export async function press(page, name, role = 'button') {
  await waitFor(page, role, name);
  await page.waitForFunction((element) => !element.disabled && element.ariaDisabled !== 'true', await shown(page, role, name).elementHandle());
  await shown(page, role, name).evaluate((element) => element.click());
  await frames(page);
}

/** Types into a text field of the program, replacing what it holds: as a person does, through the keyboard. */
export async function type(page, name, text) {
  await waitFor(page, 'textbox', name);
  const field = shown(page, 'textbox', name);
  await field.focus();
  const id = await field.getAttribute('id');
  await page.waitForFunction((id) => document.activeElement.getAttribute('aria-activedescendant') === id, id);
  await frames(page);
  await page.keyboard.press('Control+A');
  await page.keyboard.type(text);
  await frames(page);
}

/** All that the program shows, by role and name. */
export const outline = (page) => page.locator('#mirror').ariaSnapshot({ timeout: 5000 });
