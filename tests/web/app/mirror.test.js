// What assistive technology finds in the page, and what it can do there.

import assert from 'node:assert/strict';

import { appStory, openApp, press, shown, type, waitFor } from '../lib/app.js';

const PASSWORD = 'seven quiet herons cross the delta';

/** The accessibility tree as the browser hands it to a screen reader: `{ role, name, description, value, … }`. */
async function spoken(context, page) {
  const session = await context.newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  await session.detach();
  const said = nodes.filter((node) => !node.ignored);
  return said.map(({ role, name, description, value, properties = [] }) => ({
    role: role?.value,
    name: name?.value,
    description: description?.value,
    value: value?.value,
    ...Object.fromEntries(properties.map((property) => [property.name, property.value.value ?? property.value.relatedNodes?.map(({ idref }) => idref)])),
  }));
}

const find = (said, role, name) => said.find((node) => node.role === role && node.name === name);

/** The node that has the keyboard for a screen reader, though the page's focus is on the canvas or on its input. */
const active = (page) =>
  page.evaluate(() => {
    const element = document.getElementById(document.activeElement.getAttribute('aria-activedescendant'));
    return element && { name: element.getAttribute('aria-label'), holder: document.activeElement.localName };
  });

/** Everything the page holds as text, what is in its fields included. */
const held = (page) =>
  page.evaluate(() => document.documentElement.outerHTML + [...document.querySelectorAll('input, textarea')].map(({ value }) => value).join());

/** Puts a value into a field as dictation does, without the keyboard. */
const dictate = (page, name, text) =>
  shown(page, 'textbox', name).evaluate((field, text) => {
    field.value = text;
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  }, text);

async function startNow(page, site) {
  await openApp(page, site);
  await press(page, 'Start now');
  await waitFor(page, 'button', 'New item');
}

appStory('a screen reader hears what each control is and is called', async ({ site, browse }) => {
  const { page, context, record } = await browse();
  await startNow(page, site);
  await press(page, 'New item');
  await waitFor(page, 'button', 'Login');
  const dialog = find(await spoken(context, page), 'dialog', 'What do you want to keep?');
  assert.equal(dialog?.modal, true);
  await press(page, 'Login');
  await type(page, 'Title', 'My bank');
  await type(page, 'Notes', 'next to the oak');
  const form = await spoken(context, page);
  assert.equal(find(form, 'switch', 'Favourite')?.checked, 'false');
  assert.equal(form.filter((node) => node.role === 'textbox' && node.name === 'Title').at(-1).value, 'My bank');
  await press(page, 'Save');
  await waitFor(page, 'option', 'My bank');
  const said = await spoken(context, page);
  assert.equal(find(said, 'option', 'My bank')?.selected, true);
  assert.ok(find(said, 'listbox', 'Items: 1'));
  assert.equal(find(said, 'tab', 'All items, 1')?.selected, true);
  const unnamed = said.filter(({ role, name }) => ['button', 'link', 'tab', 'switch', 'option', 'textbox', 'dialog'].includes(role) && !name);
  assert.deepEqual(unnamed, []);
  assert.deepEqual(record.complaints, []);
});

appStory('each element lies where its picture is, so that a real click on it arrives', async ({ site, browse }) => {
  const { page } = await browse();
  await startNow(page, site);
  await shown(page, 'tab', 'Trash').click({ force: true });
  await page.waitForFunction((tab) => tab.ariaSelected === 'true', await shown(page, 'tab', 'Trash').elementHandle());
});

appStory('an element that gets the focus has the keyboard, and the canvas keeps it', async ({ site, browse }) => {
  const { page } = await browse();
  await openApp(page, site);
  await waitFor(page, 'button', 'Open a backup');
  await shown(page, 'button', 'Open a backup').focus();
  assert.deepEqual(await active(page), { name: 'Open a backup', holder: 'canvas' });
  // What arrives between two frames is one event to the program, whatever its order.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  await page.keyboard.press('Shift+Tab');
  const before = await shown(page, 'button', 'Create with a master password').getAttribute('id');
  await page.waitForFunction((id) => document.activeElement.getAttribute('aria-activedescendant') === id, before);
  await page.keyboard.press('Enter');
  await waitFor(page, 'textbox', 'Master password again');
  await shown(page, 'textbox', 'Master password').focus();
  assert.deepEqual(await active(page), { name: 'Master password', holder: 'input' });
});

appStory('a field out of sight is scrolled into view when it gets the focus', async ({ site, browse }) => {
  const { page } = await browse({ viewport: { width: 1000, height: 500 } });
  await startNow(page, site);
  await press(page, 'New item');
  await press(page, 'Login');
  await waitFor(page, 'textbox', 'Expires');
  const field = shown(page, 'textbox', 'Expires');
  assert.ok((await field.boundingBox()).y > 500);
  await field.focus();
  await page.waitForFunction((field) => field.getBoundingClientRect().bottom < 500, await field.elementHandle());
});

appStory('what is dictated arrives, and nothing of a password is ever in the page', async ({ site, browse }) => {
  const { page } = await browse();
  await openApp(page, site);
  await press(page, 'Create with a master password');
  await waitFor(page, 'textbox', 'Name of the vault');
  await dictate(page, 'Name of the vault', 'Household');
  await dictate(page, 'Master password', PASSWORD);
  await type(page, 'Master password again', PASSWORD);
  const secret = page.locator('#mirror input[type=password]');
  assert.deepEqual(await secret.evaluateAll((fields) => fields.map(({ value }) => value)), ['', '']);
  await press(page, 'Create vault');
  await waitFor(page, 'button', 'Household: vault menu');
  assert.ok(!(await held(page)).includes('herons'));
});

appStory('nothing of the vault is left in the page when it locks', async ({ site, browse }) => {
  const { page } = await browse();
  await openApp(page, site);
  await press(page, 'Create with a master password');
  await type(page, 'Master password', PASSWORD);
  await type(page, 'Master password again', PASSWORD);
  await press(page, 'Create vault');
  await press(page, 'New item');
  await press(page, 'Login');
  await type(page, 'Title', 'My bank');
  await type(page, 'Notes', 'next to the oak');
  await press(page, 'Save');
  await waitFor(page, 'option', 'My bank');
  await press(page, 'Personal: vault menu');
  await press(page, 'Lock', 'menuitem');
  await waitFor(page, 'button', 'Unlock');
  const left = await held(page);
  for (const word of ['My bank', 'the oak', 'herons']) assert.ok(!left.includes(word), word);
});

appStory('a window that stands still leaves the page alone', async ({ site, browse }) => {
  const { page } = await browse();
  await openApp(page, site);
  await waitFor(page, 'button', 'Start now');
  // Fonts and the engine have come by then.
  await page.waitForTimeout(2000);
  const changes = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const seen = [];
        const watch = new MutationObserver((records) => seen.push(...records.map(({ type, target }) => `${type} ${target.id}`)));
        watch.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
        setTimeout(() => resolve(seen), 2000);
      }),
  );
  assert.deepEqual(changes, []);
});
