// What a person waits for without any network: start-up, and plan, show and verify by size of the catalogue.
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { writeCatalogue } from './catalogue.mjs';
import { measure, once } from './process.mjs';

const CLI = resolve('dist/cli.mjs');
const FLOOR = resolve('scripts/bench/floor.mjs');
const FEW = 1_000;
/** Node keeps no longer text: the bare program cannot read such a file. */
const TEXT_BYTES = 2 ** 29 - 24;
const bytesOf = (path) => statSync(path).size;
const idIn = (out) => readdirSync(out).find((name) => /^[0-9a-f]{16}$/.test(name)) ?? null;

/** Node's own start, and the commands that people call all the time; `above_ms` is what is ours of it. */
export function startUp(folder, rounds) {
  writeFileSync(join(folder, 'empty.mjs'), '');
  const plan = [
    'plan',
    '--desired',
    resolve('test/recordings/wagtail-export.json'),
    '--actual',
    resolve('test/recordings/shop-snapshot.json'),
    '--create-missing',
    '--out',
    join(folder, 'recorded'),
  ];
  once([CLI, ...plan], folder);
  const shown = join(folder, 'recorded', idIn(join(folder, 'recorded')));
  const rows = measure(
    [
      { name: 'node itself (an empty script)', words: [join(folder, 'empty.mjs')] },
      { name: '--help', words: [CLI, '--help'] },
      { name: 'show (47 pages, 302 products)', words: [CLI, 'show', shown] },
      { name: 'plan (47 pages, 302 products, from files)', words: [CLI, ...plan] },
    ],
    rounds,
    folder,
  );
  return rows.map((row) => ({ ...row, above_ms: row.median_ms - rows[0].median_ms }));
}

/**
 * plan, show and verify of a generated catalogue of which so many products differ, with full snapshots and with those of what
 * changes. Without any change no plan is written. `hasFloor`: each row has the bare program's figures beside it.
 */
export function ofCatalogue(folder, size, changed, { rounds, hasFloor = false }) {
  const at = join(folder, `${size}-${changed}`);
  mkdirSync(at);
  const [desired, actual] = [join(at, 'catalog.json'), join(at, 'shop.json')];
  writeCatalogue(size, changed, { desired, actual });
  const bytes_in = bytesOf(desired) + bytesOf(actual);
  const floor = (files, bytes, more = []) =>
    hasFloor && files.every((file) => bytesOf(file) < TEXT_BYTES) && bytes < TEXT_BYTES
      ? { floor: [FLOOR, ...files, '--print', String(bytes), ...more] }
      : {};
  // Snapshots of what changes are for plans of few changes.
  const modes = changed === 0 || changed > FEW ? ['full'] : ['full', 'changed'];
  const rows = modes.flatMap((mode) => {
    const out = join(at, mode);
    const words = [CLI, 'plan', '--desired', desired, '--actual', actual, '--out', out, '--snapshots', mode];
    const planned = once(words, at);
    const path = changed === 0 ? null : join(out, idIn(out));
    const facts = {
      offerings: size,
      changed,
      bytes_in,
      bytes_plan: path === null ? 0 : bytesOf(join(path, 'plan.json')),
    };
    const named = (name, more) => ({
      name: mode === 'full' ? name : `${name}, snapshots changed`,
      ...facts,
      ...more,
    });
    // An identical plan keeps its folder; a second measuring writes it again.
    const plan = named('plan', {
      words,
      first: planned,
      before: () => rmSync(out, { recursive: true, force: true }),
      ...floor([desired, actual], facts.bytes_plan, ['--out', join(at, 'floor')]),
    });
    // Verify ends in 3, since nobody approved; it looks at everything all the same.
    if (path === null) return [plan];
    const shown = once([CLI, 'show', path], at);
    return [
      plan,
      named('show', {
        words: [CLI, 'show', path],
        first: shown,
        ...floor([join(path, 'plan.json')], shown.stdout.length),
      }),
      named('verify', {
        words: [CLI, 'verify', path],
        expected: 3,
        ...floor([join(path, 'plan.json')], 0),
      }),
    ];
  });
  const measured = measure(rows, rounds, at);
  rmSync(at, { recursive: true, force: true });
  return measured;
}
