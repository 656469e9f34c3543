// Starts the program: checks the browser, compiles once, fills `globalThis.nt2` (README.md says with what), and keeps the page for offline.

import { download } from './{{download.js}}';
import { LANGUAGE, WORDS } from './{{words.js}}';

const at = (name) => new URL(name, import.meta.url).href;
const element = (id) => document.getElementById(id);

const nt2 = (globalThis.nt2 = {
  glue: at('./{{nt2.js}}'),
  worker: at('./{{worker.js}}'),
  aside: at('./{{aside-worker.js}}'),
  build: '{{build}}',
  module: null,
  config: null,
  offline: 'installing',
  updateReady: false,
  onupdate: null,
  launched: [],
  onlaunch: null,
  // The frame that is due now, and one more for it to be on the screen.
  ready: () => requestAnimationFrame(() => requestAnimationFrame(() => (element('loading').hidden = true))),
  fail,
  checkForUpdate: async () => (await registered)?.update(),
  applyUpdate,
  download: async (file) => download((await registered)?.active, file),
});

function fail(text) {
  document.body.classList.add('failed');
  element('says').textContent = text;
  element('again').hidden = false;
  element('loading').hidden = false;
}

/** Names what this browser lacks, in a sentence; `null` = it can run the vault. */
async function lacking() {
  if (!isSecureContext) return WORDS.insecure;
  const needs = {
    WebAssembly: globalThis.WebAssembly,
    Worker: globalThis.Worker,
    IndexedDB: globalThis.indexedDB,
    'Web Locks': navigator.locks,
    'Origin Private File System': navigator.storage?.getDirectory,
  };
  const what = Object.keys(needs).find((name) => !needs[name]);
  if (what) return WORDS.lacking(what);
  // Private windows of some browsers have the method and refuse here.
  const usable = await navigator.storage.getDirectory().then(
    () => true,
    () => false,
  );
  return usable ? null : WORDS.forgetful;
}

async function compiled() {
  const response = await fetch(at('./{{nt2_bg.wasm}}'));
  if (!response.ok) throw new TypeError(`answered with ${response.status}`);
  // Where the server gives the file another type, streaming is refused, and only that.
  if (response.headers.get('Content-Type') === 'application/wasm') return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}

async function config() {
  try {
    const response = await fetch(at('./config.json'));
    if (response.ok) return await response.json();
  } catch {
    // The vault works without it.
  }
  console.warn('config.json could not be read: sync stays off until it can.');
  return { PUBLIC_API_URL: '' };
}

async function start() {
  const problem = await lacking();
  if (problem) return fail(problem);
  let glue;
  try {
    [glue, nt2.module, nt2.config] = await Promise.all([import('./{{nt2.js}}'), compiled(), config()]);
  } catch (error) {
    return fail(error instanceof TypeError ? WORDS.unreachable : WORDS.broken(error.message));
  }
  try {
    await glue.default({ module_or_path: nt2.module });
  } catch (error) {
    fail(WORDS.broken(error?.message ?? error));
  }
}

/** Gives the registration once a service worker is at work, or `null` if there will be none. */
async function register() {
  try {
    const registration = await navigator.serviceWorker.register(at('./sw.js'), { updateViaCache: 'none' });
    watch(registration);
    if (!registration.active && !(await activated(registration.installing ?? registration.waiting))) throw new Error('not installed');
    nt2.offline = 'ready';
    registration.active.postMessage({ type: 'started', build: nt2.build });
    return registration;
  } catch {
    nt2.offline = 'unavailable';
    return null;
  }
}

function activated(worker) {
  return new Promise((resolve) => {
    const look = () => {
      if (worker.state === 'activated') resolve(true);
      if (worker.state === 'redundant') resolve(false);
    };
    worker.addEventListener('statechange', look);
    look();
  });
}

/** Set by a page that was loaded again only to free the old worker: see applyUpdate. */
const ASKED = 'nt2-update-asked';
let asked = sessionStorage.getItem(ASKED) !== null;
sessionStorage.removeItem(ASKED);
// Later changes are other people's: they are offered, not forced.
setTimeout(() => (asked = false), 10_000);
const PATIENCE_MS = 3000;

function offer() {
  if (nt2.updateReady) return;
  nt2.updateReady = true;
  nt2.onupdate?.();
}

/** Tells of a version that waits, and of one that another tab has made current: this page then goes on with its own files. */
function watch(registration) {
  const look = () => {
    if (registration.waiting && registration.active) offer();
  };
  look();
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', look));
  let controlled = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (asked) location.reload();
    else if (controlled) offer();
    controlled = true;
  });
}

async function applyUpdate() {
  asked = true;
  const registration = await registered;
  if (!registration?.waiting) return location.reload();
  registration.waiting.postMessage({ type: 'activate' });
  // The browser waits until the old worker has nothing to do; what this page has asked of it ends with the page.
  setTimeout(() => {
    sessionStorage.setItem(ASKED, '');
    location.reload();
  }, PATIENCE_MS);
}

document.documentElement.lang = LANGUAGE;
element('says').textContent = WORDS.opening;
element('slow').textContent = WORDS.slow;
element('again').textContent = WORDS.again;
element('again').addEventListener('click', () => location.reload());
// The system opened a file with the installed app.
globalThis.launchQueue?.setConsumer(({ files }) => {
  nt2.launched.push(...files);
  if (files.length > 0) nt2.onlaunch?.();
});

const started = start();
// After the program's own files, so that it does not take the line from them.
const registered = started.then(register);
