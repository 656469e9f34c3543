// What many stories do with a vault before their own part begins.

import { join } from 'node:path';

import { openApp, press, type, waitFor, waitForText } from './app.js';

/** Long enough for a master password in a browser, and for a passphrase. */
export const PASSWORD = 'seven quiet herons cross the delta';

/** A first vault that this browser alone protects. */
export async function startNow(page, site) {
  await openApp(page, site);
  await press(page, 'Start now');
  await waitFor(page, 'button', 'Add first item');
}

/** A first vault with {@link PASSWORD} as its master password. */
export async function startWithPassword(page, site) {
  await openApp(page, site);
  await press(page, 'Create with a master password');
  await type(page, 'Master password', PASSWORD);
  await type(page, 'Master password again', PASSWORD);
  await press(page, 'Create vault');
  await waitFor(page, 'button', 'New item');
}

/** Opens the vault of {@link startWithPassword}. */
export async function unlock(page) {
  await type(page, 'Master password', PASSWORD);
  await press(page, 'Unlock');
  await waitFor(page, 'button', 'New item');
}

/** Saves an item of that kind; `values` = what is typed, by the names of the fields. */
export async function addItem(page, kind, title, values) {
  await press(page, 'New item');
  await press(page, kind);
  await type(page, 'Title', title);
  for (const [name, value] of Object.entries(values)) await type(page, name, value);
  await press(page, 'Save');
  await waitFor(page, 'option', title);
}

/** A login with a password. */
export const addLogin = (page, title, password) => addItem(page, 'Login', title, { Password: password });

/** Gives the program files where it asks for some after `asks`. */
export async function pick(page, asks, files) {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), asks()]);
  await chooser.setFiles(files);
}

/** Attaches a file to the item that shows, without waiting for its end. */
export const attach = (page, name, buffer) =>
  pick(page, () => press(page, 'Add files…'), { name, mimeType: 'application/octet-stream', buffer });

/** Without the File System Access API a file is saved as a download, as in Firefox and Safari; a dialog of the system can't be answered here. */
export const savesAsDownload = (page) => page.addInitScript(() => delete globalThis.showSaveFilePicker);

/** Keeps in `dir` what is downloaded after `asks`, and gives its path. */
export async function downloaded(page, dir, asks) {
  const [download] = await Promise.all([page.waitForEvent('download'), asks()]);
  const path = join(dir, download.suggestedFilename());
  await download.saveAs(path);
  return path;
}

/** Makes a backup with a passphrase of its own, which a vault with a master password wants to be another, and gives its path. */
export async function backUp(page, dir, passphrase = PASSWORD) {
  await press(page, 'Overview', 'tab');
  await press(page, 'Back up now');
  await type(page, 'Passphrase of the backup', passphrase);
  await type(page, 'Passphrase again', passphrase);
  return downloaded(page, dir, () => press(page, 'Choose a place…'));
}

/** Opens a backup with its passphrase in a browser that has no vault yet. */
export async function restore(page, site, backup, passphrase = PASSWORD) {
  await openApp(page, site);
  await press(page, 'Open a backup');
  await pick(page, () => press(page, 'Choose backup…'), backup);
  await waitForText(page, 'A backup of a vault that is not in this browser.');
  await type(page, 'Passphrase of the backup', passphrase);
  await press(page, 'Restore');
}

/** Saves the recovery kit, has it checked, and gives its path; `kept` = runs what asks for the file, and gives the path where it then is. */
export async function saveKit(page, passphrase, kept) {
  await press(page, 'Overview', 'tab');
  await press(page, 'Save kit');
  await type(page, 'Passphrase of the new kit', passphrase);
  await type(page, 'Passphrase again', passphrase);
  const kit = await kept(() => press(page, 'Choose a place…'));
  await waitForText(page, 'It counts as saved when it has been read back.');
  await pick(page, () => press(page, 'Choose file…'), kit);
  await type(page, 'Passphrase of the kit', passphrase);
  await press(page, 'Check');
  await waitForText(page, 'The kit is the right one and readable. It is saved.');
  return kit;
}
