// The page's half of a download that is never held in memory: the service worker asks for one piece whenever the browser wants more to write.

/** A service worker that hears nothing for half a minute may be stopped, and the download with it. */
const SIGN_OF_LIFE_MS = 10_000;

/** Saves what `pull` gives under `name`, with the help of the service worker `worker`. README.md says what each of these is. */
export async function download(worker, { name, mime, size, pull, cancel }) {
  if (!worker) throw 'unavailable';
  const id = crypto.randomUUID();
  const { port1: port, port2: theirs } = new MessageChannel();
  const frame = document.createElement('iframe');
  frame.hidden = true;
  const alive = setInterval(() => worker.postMessage({ type: 'alive' }), SIGN_OF_LIFE_MS);
  try {
    await new Promise((resolve, reject) => {
      const piece = async () => {
        const bytes = await pull();
        port.postMessage(bytes, bytes ? [bytes.buffer] : []);
      };
      port.onmessage = ({ data }) => {
        if (data === 'ready') {
          frame.src = new URL(`download/${id}`, document.baseURI).href;
          document.body.append(frame);
        } else if (data === 'pull') {
          piece().catch((error) => {
            port.postMessage({ error: true });
            reject(error);
          });
        } else if (data === 'end') {
          resolve();
        } else if (data === 'cancel') {
          cancel?.();
          reject('cancelled');
        }
      };
      worker.postMessage({ type: 'download', id, name, mime, size }, [theirs]);
    });
  } finally {
    clearInterval(alive);
    port.close();
    frame.remove();
  }
}
