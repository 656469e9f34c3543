// The service worker: the page without a network, and downloads that are never held in memory.
//
// One cache holds one build. A file gets in only with the hash it had when the build was packed, so a build is complete and unmixed or absent. A
// new build waits until the person asks for it or the last tab of the old one is closed.

const BUILD = '{{build}}';
const PREFIX = 'nt2-';
const CACHE = PREFIX + BUILD;

/** Names relative to this file, each with its hash; an empty name is the page. `null` = the operator may edit it. */
const FILES = {{files}};

/** A name that carries its hash: the same in every build that has it. */
const HASHED = /-[0-9a-f]{16}\.[a-z0-9]+$/;

const SCOPE = new URL('./', self.location.href);

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

async function install() {
  try {
    const cache = await caches.open(CACHE);
    await Promise.all(Object.entries(FILES).map(([name, integrity]) => take(cache, name, integrity)));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

async function take(cache, name, integrity) {
  const url = new URL(name, SCOPE);
  const response = await fetch(url, { cache: HASHED.test(name) ? 'default' : 'no-cache', integrity: integrity ?? '', redirect: 'error' });
  if (!response.ok) throw new Error(`${name || 'the page'} was answered with ${response.status}`);
  await cache.put(url, response);
}

self.addEventListener('message', (event) => {
  const message = event.data;
  if (message.type === 'download') {
    offer(message, event.ports[0]);
  } else if (message.type === 'activate') {
    event.waitUntil(self.skipWaiting());
  } else if (message.type === 'started') {
    event.waitUntil(tidy(message.build));
  }
});

/** Removes other builds when the only open page runs this one: a page of an old build keeps its files until it is closed. */
async function tidy(build) {
  const waiting = self.registration.waiting ?? self.registration.installing;
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (build !== BUILD || waiting || pages.length > 1) return;
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)));
}

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== SCOPE.origin || !url.pathname.startsWith(SCOPE.pathname)) return;
  const name = url.pathname.slice(SCOPE.pathname.length);
  if (name.startsWith('download/')) {
    event.respondWith(downloaded(event, name.slice('download/'.length)));
  } else if (event.request.method !== 'GET') {
    return;
  } else if (name === '' || name === 'index.html') {
    event.respondWith(stored(event.request, ''));
  } else if (name in FILES || HASHED.test(name)) {
    event.respondWith(stored(event.request, name));
  }
});

/** What this build has under a name; a hashed name also from another build, for its pages; else from the network. */
async function stored(request, name) {
  const url = new URL(name, SCOPE).href;
  const how = { ignoreVary: true };
  const own = await (await caches.open(CACHE)).match(url, how);
  return own ?? (HASHED.test(name) ? await caches.match(url, how) : undefined) ?? fetch(request);
}

/** Downloads that a page has announced and the browser has not fetched yet, by id. */
const offers = new Map();

function offer({ id, name, mime, size }, port) {
  offers.set(id, { name, mime, size, port });
  port.postMessage('ready');
}

function downloaded(event, id) {
  const file = offers.get(id);
  if (!file) return new Response('There is no such download any more.', { status: 404, headers: { 'Content-Type': 'text/plain' } });
  offers.delete(id);
  const headers = new Headers({
    'Content-Type': file.mime || 'application/octet-stream',
    'Content-Disposition': `attachment; filename*=UTF-8''${encoded(file.name)}`,
    'Content-Security-Policy': "default-src 'none'",
    'X-Content-Type-Options': 'nosniff',
  });
  if (Number.isSafeInteger(file.size)) headers.set('Content-Length', String(file.size));
  return new Response(streamed(event, file.port), { headers });
}

/** Asks the page for one piece whenever the browser wants one. */
function streamed(event, port) {
  let ended;
  event.waitUntil(new Promise((resolve) => (ended = resolve)));
  const end = (word) => {
    port.postMessage(word);
    ended();
  };
  const pull = (controller) =>
    new Promise((resolve) => {
      port.onmessage = ({ data }) => {
        if (data instanceof Uint8Array) {
          controller.enqueue(data);
        } else if (data === null) {
          controller.close();
          end('end');
        } else {
          controller.error(new Error('the page could not go on'));
          ended();
        }
        resolve();
      };
      port.postMessage('pull');
    });
  return new ReadableStream({ pull, cancel: () => end('cancel') }, { highWaterMark: 0 });
}

/** RFC 8187: what encodeURIComponent leaves as it is, but this grammar does not allow. */
function encoded(name) {
  return encodeURIComponent(name).replace(/['()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
}
