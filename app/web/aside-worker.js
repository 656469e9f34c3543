// What is judged and decoded beside the vault, in a module of its own without keys: `{ preview }` or `{ rate }` with bytes, answered by
// `{ reply }` in the same order. An error reaches the owner of this worker as one.

import init, { preview, rate } from './{{aside.js}}';

const WORK = { preview, rate };
const ready = init({ module_or_path: new URL('./{{aside_bg.wasm}}', import.meta.url) });

self.addEventListener('message', async ({ data }) => {
  try {
    await ready;
    const [[what, bytes]] = Object.entries(data);
    const reply = WORK[what](bytes);
    bytes.fill(0);
    self.postMessage({ reply }, [reply.buffer]);
  } catch (error) {
    reportError(error);
  }
});
