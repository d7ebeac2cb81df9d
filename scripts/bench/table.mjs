// The one table of the bench.
const COLUMNS = {
  name: 'what',
  offerings: 'offerings',
  changed: 'changed',
  shop: 'products of the shop',
  median_ms: 'median ms',
  above_ms: "above Node's start",
  worst_ms: 'worst ms',
  alone_ms: 'one at a time ms',
  of_alone: '× one at a time',
  all_ms: 'all ms',
  a_second: 'changes a second',
  cpu_ms: 'CPU ms',
  peak_mib: 'peak MiB',
  floor_ms: 'floor ms',
  of_floor: '× floor',
  floor_cpu_ms: 'floor CPU ms',
  of_floor_cpu: '× floor CPU',
  floor_mib: 'floor MiB',
  of_floor_mib: '× floor MiB',
  ratio: '× bare',
  requests: 'requests',
  bytes_in: 'bytes read',
  bytes: 'bytes',
  bytes_plan: 'bytes of the plan',
};

export function print(rows) {
  const used = Object.keys(COLUMNS).filter((name) => rows.some((row) => row[name] !== undefined));
  console.log(`| ${used.map((name) => COLUMNS[name]).join(' | ')} |`);
  console.log(`|${used.map((name) => (name === 'name' ? '---' : '---:')).join('|')}|`);
  const cell = (value) =>
    value === undefined
      ? ''
      : typeof value === 'number' && !Number.isInteger(value)
        ? value.toFixed(2)
        : String(value);
  for (const row of rows) console.log(`| ${used.map((name) => cell(row[name])).join(' | ')} |`);
}
