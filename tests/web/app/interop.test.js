// Browser and computer: what one writes, the other opens.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { appStory, openApp, press, type, waitFor, waitForText } from '../lib/app.js';
import { Computer } from '../lib/native.js';
import { PASSWORD, addItem, attach, backUp, downloaded, pick, restore, saveKit, savesAsDownload, startWithPassword } from '../lib/vault.js';

/** Of a backup and of a kit: never the master password. */
const PASSPHRASE = 'five slow barges under one bridge';

/** What is in the fields of an item, by their ids. */
const values = ({ fields }) => Object.fromEntries(fields.filter(({ value }) => value).map(({ id, value }) => [id, value]));

/** What the clipboard holds after a field is copied. */
async function copied(page, title, field) {
  await press(page, title, 'option');
  await press(page, `Copy ${field}`);
  await waitForText(page, `${field} of ${title} copied.`);
  return page.evaluate(() => navigator.clipboard.readText());
}

appStory('a backup of the browser is restored by the command line, item by item and byte by byte', async ({ dir, site, browse }) => {
  const { page } = await browse();
  await savesAsDownload(page);
  await startWithPassword(page, site);
  await addItem(page, 'Bank account', 'Household', { IBAN: 'DE89370400440532013000', 'Online password': 'tides of May' });
  await addItem(page, 'Login', 'My bank', { 'User name': 'mara', Password: 'secret of the bank' });
  const bytes = randomBytes(2_000_001);
  await attach(page, 'Büro ★.bin', bytes);
  await waitFor(page, 'button', 'Save Büro ★.bin as…');
  const backup = await backUp(page, dir, PASSPHRASE);

  const computer = new Computer(dir);
  const { added, attachments, missing } = await computer.run(['restore', backup, '--name', 'Home'], [PASSPHRASE, PASSWORD]);
  assert.deepEqual({ added, attachments, missing }, { added: 2, attachments: 1, missing: 0 });
  const show = (title) => computer.run(['get', title, '--reveal-all'], [PASSWORD]);
  const login = await show('My bank');
  assert.equal(login.kind, 'credential');
  assert.deepEqual(values(login), { username: 'mara', password: 'secret of the bank' });
  assert.deepEqual(values(await show('Household')), { iban: 'DE89370400440532013000', 'online-password': 'tides of May' });
  const { file } = await computer.run(['extract', 'My bank', '-o', dir], [PASSWORD]);
  assert.ok(bytes.equals(await readFile(file)));
});

appStory('a backup of the command line opens in the browser', async ({ dir, site, browse }) => {
  const computer = new Computer(dir);
  const [backup, letter] = [join(dir, 'home.nt2backup'), join(dir, 'letter.txt')];
  await computer.run(['create', 'Home'], [PASSWORD]);
  await computer.run(['add', 'credential', 'My bank', '-f', 'username=mara', '--secret', 'password'], [PASSWORD, 'secret of the bank']);
  await writeFile(letter, 'Dear bank,');
  await computer.run(['attach', 'My bank', letter], [PASSWORD]);
  await computer.run(['backup', backup], [PASSWORD, PASSPHRASE]);

  const { context, page } = await browse();
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await savesAsDownload(page);
  await restore(page, site, backup, PASSPHRASE);
  assert.equal(await copied(page, 'My bank', 'Password'), 'secret of the bank');
  assert.equal(await copied(page, 'My bank', 'User name'), 'mara');
  const saved = await downloaded(page, dir, () => press(page, 'Save letter.txt as…'));
  assert.equal(await readFile(saved, 'utf8'), 'Dear bank,');
});

appStory('a kit of the browser opens its backup on the command line', async ({ dir, site, browse }) => {
  const { page } = await browse();
  await savesAsDownload(page);
  await startWithPassword(page, site);
  await addItem(page, 'Login', 'My bank', { 'User name': 'mara', Password: 'secret of the bank' });
  const kit = await saveKit(page, PASSPHRASE, (asks) => downloaded(page, dir, asks));
  const backup = await backUp(page, dir, PASSPHRASE);

  const computer = new Computer(dir);
  // The backup's own passphrase is not asked for: master password and kit.
  await computer.run(['restore', backup, '--with', 'kit', '--kit', kit, '--name', 'Home'], [PASSWORD, PASSPHRASE]);
  const login = await computer.run(['get', 'My bank', '--reveal-all'], [PASSWORD]);
  assert.deepEqual(values(login), { username: 'mara', password: 'secret of the bank' });
});

appStory('a kit of the command line opens its backup in the browser', async ({ dir, site, browse }) => {
  const computer = new Computer(dir);
  const [backup, kit] = [join(dir, 'home.nt2backup'), join(dir, 'home.nt2recovery')];
  await computer.run(['create', 'Home'], [PASSWORD]);
  await computer.run(['add', 'credential', 'My bank', '--secret', 'password'], [PASSWORD, 'secret of the bank']);
  await computer.run(['kit', 'save', kit], [PASSWORD, PASSPHRASE]);
  assert.equal((await computer.run(['kit', 'check', kit], [PASSWORD, PASSPHRASE])).verdict, 'good');
  await computer.run(['backup', backup, '--no-passphrase'], [PASSWORD]);

  const { context, page } = await browse();
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openApp(page, site);
  await press(page, 'Open a backup');
  await pick(page, () => press(page, 'Choose backup…'), backup);
  await press(page, 'Password and kit', 'radio');
  await type(page, 'Master password', PASSWORD);
  await pick(page, () => press(page, 'Choose file…'), kit);
  await type(page, 'Passphrase of the kit', PASSPHRASE);
  await press(page, 'Restore');
  assert.equal(await copied(page, 'My bank', 'Password'), 'secret of the bank');
});
