// What a first visit downloads: the module and its glue, as packed.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

import { megabytes, row } from './table.js';

const MOST_BYTES = 2.5e6;

export function rows(site) {
  const names = readdirSync(site.root).filter((name) => /^nt2(_bg)?-[0-9a-f]{16}\.(wasm|js)$/.test(name));
  if (names.length !== 2) throw new Error(`not a module and its glue: ${names}`);
  const files = names.map((name) => readFileSync(join(site.root, name)));
  const sum = (packed) => files.reduce((sum, bytes) => sum + packed(bytes).length, 0);
  const brotli = (bytes) =>
    brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
  const small = sum(brotli);
  return [
    row('module and glue, raw', { ours: megabytes(sum((bytes) => bytes)) }),
    row('module and glue, gzip -9', { ours: megabytes(sum((bytes) => gzipSync(bytes, { level: 9 }))) }),
    row('module and glue, brotli 11', { ours: megabytes(small), target: '≤ 2.5 MB', met: small <= MOST_BYTES }),
  ];
}
