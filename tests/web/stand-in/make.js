// A program that needs no compiler: it paints the canvas, and offers the tests what the real one gets from `globalThis.nt2`.

import { writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** `(module (func (export "answer") (result i32) i32.const 42))`; a custom section with `version` makes another build of it. */
function wasm(version) {
  const code = [0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7f, 0x03, 0x02, 0x01, 0x00, 0x07, 0x0a, 0x01, 0x06, ...Buffer.from('answer'), 0x00, 0x00];
  const body = [0x0a, 0x06, 0x01, 0x04, 0x00, 0x41, 0x2a, 0x0b];
  const text = Buffer.from(version);
  const custom = [0x00, text.length + 2, 0x01, 0x76, ...text];
  return Buffer.from([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, ...code, ...body, ...custom]);
}

const GLUE = `
export default async function init({ module_or_path: module }) {
  const [version] = WebAssembly.Module.customSections(module, 'v').map((bytes) => new TextDecoder().decode(bytes));
  const { answer } = (await WebAssembly.instantiate(module)).exports;
  if (typeof window === 'undefined') {
    if (self.name === 'broken') throw new Error('a worker that can not start');
    // As late as a program that opens its files first.
    setTimeout(() => {
      self.onmessage = ({ data }) => self.postMessage({ data, version, name: self.name, answer: answer() });
    }, 50);
    return;
  }
  if (location.hash === '#broken') throw new Error('unreachable executed');
  const canvas = document.getElementById('vault');
  const draw = canvas.getContext('2d');
  draw.fillRect(0, 0, 10, answer());
  canvas.dataset.version = version;
  nt2.ready();
}
`;

const ASIDE = `
export default async function init() {}
export const preview = () => new Uint8Array();
export const rate = () => new Uint8Array();
`;

/** Writes the program into the folder `dir`, which `xtask-web pack` takes. */
export function makeStandIn(dir, version) {
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'nt2.js'), GLUE);
  writeFileSync(join(dir, 'nt2_bg.wasm'), wasm(version));
  writeFileSync(join(dir, 'aside.js'), ASIDE);
  writeFileSync(join(dir, 'aside_bg.wasm'), wasm(version));
  return dir;
}
