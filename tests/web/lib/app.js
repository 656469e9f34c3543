// The real program in a page. It draws on a canvas; tests reach what it shows by role and name, in the mirror of its accessibility tree.

import { offlineReady } from './browser.js';
import { story } from './each.js';

const APP = process.env.NT2_WEB_APP;

/** A `story` with the real program on the site, which is already served. */
export function appStory(name, body) {
  story(name, async (it) => {
    if (!APP) throw new Error('run these tests by: cargo xtask web-test');
    it.site.pack(APP);
    await it.site.start();
    await body(it);
  });
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

/** The mirror's element of a role and name. Clicking it does what clicking on the canvas would. */
export const shown = (page, role, name) => page.locator('#mirror').getByRole(role, { name, exact: true });

/** Clicks a button of the program. */
export const press = (page, name) => shown(page, 'button', name).click();

/** Types into a text field of the program, replacing what it holds: as a person does, through the keyboard. */
export async function type(page, name, text) {
  await shown(page, 'textbox', name).focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.type(text);
}
