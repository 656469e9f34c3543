// Clocks inside the page. What the program shows is read from the mirror of its accessibility tree: it is brought up to date in the very pass
// that draws, so a change there is a frame that has been handed to the browser. What the graphics card then takes is not in it.

/** Runs in the page before anything else of it. */
function install() {
  const clocks = (globalThis.benchClocks = { shown: null, lastKey: 0, heard: [], work: [], gaps: [], drew: false, lastFrame: 0, picked: 0, sent: 0, answers: [] });

  // The first frame: boot.js takes its line away one frame after the program has drawn.
  const loading = new MutationObserver(() => {
    const line = document.getElementById('loading');
    if (!line?.hidden || clocks.shown !== null) return;
    clocks.shown = performance.now();
    loading.disconnect();
    watchMirror();
  });
  document.addEventListener('DOMContentLoaded', () => loading.observe(document.body, { subtree: true, attributes: true }));

  // Since when the browser has known of the last key, and of the last picked file.
  addEventListener('keydown', (event) => (clocks.lastKey = event.timeStamp), true);
  const click = HTMLInputElement.prototype.click;
  HTMLInputElement.prototype.click = function () {
    this.addEventListener('change', (event) => (clocks.picked = event.timeStamp));
    click.call(this);
  };

  // The engine: when it is asked, and the beginnings and ends of taking in what it answers.
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (...rest) {
    if (clocks.sent === 0) clocks.sent = performance.now();
    return post.apply(this, rest);
  };
  const listener = Object.getOwnPropertyDescriptor(Worker.prototype, 'onmessage');
  Object.defineProperty(Worker.prototype, 'onmessage', {
    ...listener,
    set(handler) {
      const timed = (event) => {
        const start = performance.now();
        handler.call(this, event);
        clocks.answers.push([start, performance.now()]);
      };
      listener.set.call(this, handler && timed);
    },
  });

  // Frames: how long the program works on each that draws, and how far they lie apart.
  for (const name of ['drawElements', 'drawArrays', 'clear']) {
    const draw = WebGL2RenderingContext.prototype[name];
    WebGL2RenderingContext.prototype[name] = function (...rest) {
      clocks.drew = true;
      return draw.apply(this, rest);
    };
  }
  const request = globalThis.requestAnimationFrame.bind(globalThis);
  globalThis.requestAnimationFrame = (callback) =>
    request((at) => {
      clocks.drew = false;
      const start = performance.now();
      callback(at);
      if (!clocks.drew) return;
      clocks.work.push(performance.now() - start);
      if (clocks.lastFrame > 0) clocks.gaps.push(at - clocks.lastFrame);
      clocks.lastFrame = at;
    });

  // What the list shows: the rows and the number of results, and when they last changed.
  function watchMirror() {
    const isList = (node) => {
      const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
      return element?.closest('[role="listbox"], [role="option"]') || / in [^ ]/.test(element?.textContent ?? '');
    };
    const observer = new MutationObserver((changes) => {
      if (changes.some(({ target }) => isList(target))) clocks.heard.push(performance.now());
    });
    observer.observe(document.getElementById('mirror'), { subtree: true, childList: true, attributes: true, characterData: true });
  }
}

/** Puts the clocks into every page of the browser from now on. */
export const withClocks = (context) => context.addInitScript(install);

/** Forgets the frames so far. */
export const clearFrames = (page) => page.evaluate(() => Object.assign(benchClocks, { work: [], gaps: [], lastFrame: 0 }));

/** `{ work, gaps }` in milliseconds, since they were cleared. */
export const frames = (page) => page.evaluate(() => ({ work: benchClocks.work, gaps: benchClocks.gaps }));

/** Milliseconds of the page's clock at which `role` with a name that matches was first seen; looks at every change of the mirror. */
export function whenShown(page, role, pattern) {
  return page.evaluate(
    ([role, source]) =>
      new Promise((resolve) => {
        const pattern = new RegExp(source);
        const look = () => {
          for (const element of document.querySelectorAll(`#mirror [role="${role}"], #mirror ${role}`)) {
            if (!pattern.test(element.getAttribute('aria-label') ?? element.textContent)) continue;
            observer.disconnect();
            return resolve(performance.now());
          }
        };
        const observer = new MutationObserver(look);
        observer.observe(document.getElementById('mirror'), { subtree: true, childList: true, attributes: true, characterData: true });
        look();
      }),
    [role, pattern.source],
  );
}
