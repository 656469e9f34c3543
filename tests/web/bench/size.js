// What a first visit downloads before the first frame: the module and its glue, as packed; and what follows when the page is kept for offline.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

import { megabytes, row } from './table.js';

const MOST_BYTES = 2.5e6;

const brotli = (bytes) =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });

/** Sums over a module and its glue. */
function pair(site, name) {
  const is = new RegExp(`^${name}(_bg)?-[0-9a-f]{16}\\.(wasm|js)$`);
  const names = readdirSync(site.root).filter((file) => is.test(file));
  if (names.length !== 2) throw new Error(`not a module and its glue: ${names}`);
  const files = names.map((file) => readFileSync(join(site.root, file)));
  return (packed) => files.reduce((sum, bytes) => sum + packed(bytes).length, 0);
}

export function rows(site) {
  const [program, aside] = [pair(site, 'nt2'), pair(site, 'aside')];
  const small = program(brotli);
  return [
    row('module and glue, raw', { ours: megabytes(program((bytes) => bytes)) }),
    row('module and glue, gzip -9', { ours: megabytes(program((bytes) => gzipSync(bytes, { level: 9 }))) }),
    row('module and glue, brotli 11', { ours: megabytes(small), target: '≤ 2.5 MB', met: small <= MOST_BYTES }),
    row('afterwards: previews and strength of passwords, brotli 11', { ours: megabytes(aside(brotli)) }),
  ];
}
