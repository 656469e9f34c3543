// Every kind of item, made and read by hand.

import assert from 'node:assert/strict';

import { appStory, press, waitForText } from '../lib/app.js';
import { addItem, startNow } from '../lib/vault.js';

/** Kind, title, and what is typed into which field. */
const ITEMS = [
  ['Login', 'Library', { 'User name': 'mara', Password: 'nine Crows at 4' }],
  ['Secure note', 'Door codes', { Text: 'Cellar 4711, gate 0815' }],
  ['Bank account', 'Household account', { IBAN: 'DE89370400440532013000' }],
  ['Payment card', 'Travel card', { 'Card number': '4111111111111111' }],
  ['Crypto wallet', 'Savings', { 'Recovery phrase': 'legal winner thank year wave sausage worth useful legal winner thank yellow' }],
  ['Identity document', 'Passport', { Number: 'C01X00T47' }],
  ['Document', 'Tenancy', { 'Where the original is': 'green folder' }],
  ['Insurance policy', 'Bicycles', { 'Policy number': 'NL-2031-77' }],
  ['API or SSH key', 'Build server', { 'API key': 'key-5f2c9e' }],
  ['Wi-Fi network', 'Attic', { 'Network name': 'Attic 5 GHz', 'Wi-Fi password': 'rain on tin roofs' }],
  ['Software licence', 'Drawing program', { 'Licence key': 'AAAA-BBBB-1234' }],
  ['Two-factor code', 'Mail', { 'One-time code': 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' }],
  ['Custom item', 'Garden', { Notes: 'Sow the beans in May' }],
];

/** What arrives on the clipboard if a field is copied that holds `value`. */
function isCopyOf(field, value, copied) {
  // The code of the moment, not what it is made of.
  if (field === 'One-time code') return /^\d{6}$/.test(copied);
  return copied.replaceAll(/\s/g, '') === value.replaceAll(/\s/g, '');
}

appStory('an item of each kind is there after loading again, with all that was typed', async ({ site, browse }) => {
  const { context, page, record } = await browse();
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await startNow(page, site);
  for (const [kind, title, values] of ITEMS) await addItem(page, kind, title, values);
  await page.reload();
  for (const [kind, title, values] of ITEMS) {
    await press(page, title, 'option');
    await waitForText(page, `${kind} · Personal`);
    for (const [field, value] of Object.entries(values)) {
      await press(page, `Copy ${field}`);
      await waitForText(page, `${field} of ${title} copied.`);
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      assert.ok(isCopyOf(field, value, copied), `${field} of ${title}: ${copied}`);
    }
  }
  assert.deepEqual(record.complaints, []);
});
