// The tables of docs/scale.md, made from measured.json, which `RECORD=1 make bench` writes. Run alone it writes the page anew;
// a test finds no difference.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const MEASURED = fileURLToPath(new URL('./measured.json', import.meta.url));
const PAGE = fileURLToPath(new URL('../../docs/scale.md', import.meta.url));

/** Part → {date, node, cores, rounds, load: [before, after], rows}. */
const measured = () => JSON.parse(readFileSync(MEASURED, 'utf8'));

/** Puts what was measured of a part in place of what was measured before; shops of other sizes stay for the day. */
export function keep(part, figures) {
  const before = measured();
  const all = { ...before, [part]: withOtherShops(figures, before[part]) };
  const sorted = Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(MEASURED, `${JSON.stringify(sorted, null, 1)}\n`);
}

export function withOtherShops(figures, before) {
  const sizes = new Set(figures.rows.map(({ shop }) => shop));
  const others = before?.date === figures.date ? before.rows.filter(({ shop }) => !sizes.has(shop)) : [];
  if (sizes.has(undefined) || others.length === 0) return figures;
  const loads = [...before.load, ...figures.load];
  return {
    ...figures,
    rounds: Math.max(before.rounds, figures.rounds),
    load: [Math.min(...loads), Math.max(...loads)],
    rows: [...others, ...figures.rows].sort((a, b) => a.shop - b.shop),
  };
}

const count = (number) => number.toLocaleString('en');
const seconds = (ms) => (ms < 1000 ? `${(ms / 1000).toFixed(2)} s` : `${(ms / 1000).toFixed(1)} s`);
const megabytes = (bytes) =>
  bytes < 1e6 ? `${Math.round(bytes / 1e3)} kB` : `${Math.round(bytes / 1e6)} MB`;
const or = (value, show) => (value === undefined || value === null ? '–' : show(value));
const times = (value) => or(value, (one) => `× ${one.toFixed(2)}`);

const table = (head, rows) =>
  [
    `| ${head.join(' | ')} |`,
    `|${head.map((_, index) => (index === 0 ? '---' : '---:')).join('|')}|`,
    ...rows.map((cells) => `| ${cells.join(' | ')} |`),
  ].join('\n');

const origin = ({ date, node, cores, rounds, load }) =>
  `Measured on ${date}: Node ${node.slice(1)}, ${cores} cores, load ${load.join(' to ')}, ${rounds === 1 ? 'one round' : `medians of up to ${rounds} rounds`}.`;

const OFFLINE = ['from files', 'time', '× floor', 'CPU', '× floor', 'peak', '× floor'];
const offlineRow = (row) => [
  `${row.name}, ${count(row.offerings)} offerings, ${row.changed === 0 ? 'none' : row.changed === row.offerings ? 'all' : count(row.changed)} changed${row.bytes_plan > 0 && row.name.startsWith('plan') ? ` (plan of ${megabytes(row.bytes_plan)})` : ''}`,
  seconds(row.median_ms),
  times(row.of_floor),
  seconds(row.cpu_ms),
  times(row.of_floor_cpu),
  `${row.peak_mib} MiB`,
  times(row.of_floor_mib),
];

const NETWORK = ['over the network', 'requests', 'time', '× bare', 'CPU', 'peak'];
const networkRow = (row) => [
  [
    row.name,
    or(row.offerings, (one) => `${count(one)} offerings`),
    or(row.changed, (one) => `${count(one)} changed`),
    or(row.shop, (one) => `shop of ${count(one)}`),
  ]
    .filter((word) => word !== '–')
    .join(', '),
  or(row.requests, count),
  seconds(row.median_ms),
  times(row.ratio),
  or(row.cpu_ms, seconds),
  or(row.peak_mib, (one) => `${one} MiB`),
];

const SHAPES = {
  start: [
    ['start', 'time', 'CPU', 'peak'],
    (row) => [row.name, seconds(row.median_ms), seconds(row.cpu_ms), `${row.peak_mib} MiB`],
  ],
  offline: [OFFLINE, offlineRow],
  many: [OFFLINE, offlineRow],
  network: [NETWORK, networkRow],
  saleor: [NETWORK, networkRow],
  peer: [NETWORK, networkRow],
};

/** The page with each `<!-- bench:PART -->` … `<!-- /bench -->` filled anew. */
export function pageOf(page, figures) {
  return page.replace(/(<!-- bench:(\w+) -->\n)[\s\S]*?(<!-- \/bench -->)/g, (_, begin, part, end) => {
    const of = figures[part];
    if (of === undefined) return `${begin}Not measured yet.\n${end}`;
    const [head, rowOf] = SHAPES[part];
    return `${begin}${origin(of)}\n\n${table(head, of.rows.map(rowOf))}\n${end}`;
  });
}

export const pages = () => ({ path: PAGE, text: pageOf(readFileSync(PAGE, 'utf8'), measured()) });

export function writePage() {
  const { path, text } = pages();
  writeFileSync(path, text);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writePage();
