// The program in a worker: the window posts the compiled module first, then whatever the Rust side of this worker understands.

import init from './{{nt2.js}}';

/** Messages that arrived before the Rust side could take them. */
const early = [];
let handler = null;
let started = false;

function deliver(event) {
  try {
    handler.call(self, event);
  } catch (error) {
    reportError(error);
  }
}

function replay() {
  while (handler && early.length > 0) deliver(early.shift());
}

// A property of our own in place of the worker's: it tells us when the Rust side is there. The replay waits for the caller's stack to be empty,
// because the handler may be set by code that must not be entered a second time.
Object.defineProperty(self, 'onmessage', {
  configurable: true,
  get: () => handler,
  set: (value) => {
    handler = typeof value === 'function' ? value : null;
    queueMicrotask(replay);
  },
});

self.addEventListener('message', (event) => {
  if (!started) {
    started = true;
    // Workers of this worker are started from these.
    globalThis.nt2 = { module: event.data.module, worker: import.meta.url };
    // An error here must reach the owner of this worker, which a rejected promise does not.
    init({ module_or_path: event.data.module }).catch(reportError);
  } else if (handler && early.length === 0) {
    deliver(event);
  } else {
    early.push(event);
  }
});
