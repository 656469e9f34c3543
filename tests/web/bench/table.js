// The one thing that is printed: the same form as vault-bench's.

const HEADER = ['what', 'ours', 'peer', 'ratio', 'target', 'met?'];

/** A line; `met` is a boolean, or missing where there is no target. */
export function row(what, { ours, peer = '—', ratio = null, target = '—', met = null }) {
  return [what, ours, peer, ratio === null ? '—' : ratio.toFixed(2), target, met === null ? '—' : met ? 'yes' : 'NO'];
}

/** The table in Markdown, columns aligned. */
export function render(rows) {
  const widths = HEADER.map((name, column) => Math.max(...[name, ...rows.map((cells) => cells[column])].map((cell) => [...cell].length)));
  const padded = (cell, column) => ` ${cell}${' '.repeat(widths[column] - [...cell].length)} `;
  const line = (cells) => `|${cells.map(padded).join('|')}|`;
  return [line(HEADER), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rows.map(line)].join('\n');
}

/** Milliseconds, as a person reads them. */
export const time = (ms) => (ms < 1000 ? `${ms.toFixed(ms < 100 ? 1 : 0)} ms` : `${(ms / 1000).toFixed(2)} s`);

/** Bytes, in millions. */
export const megabytes = (bytes) => `${(bytes / 1e6).toFixed(2)} MB`;

/** Bytes in so many milliseconds. */
export const speed = (bytes, ms) => `${Math.round(bytes / ms / 1000)} MB/s`;

/** The smallest value that at least `part` of the values do not exceed. */
export function quantile(values, part) {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)];
}

export const median = (values) => quantile(values, 0.5);
