import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Licences that allow us to ship a copy inside an MIT package, as long as their text comes with it. */
const ALLOWED = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD'];

/** Parts of its run time stand in the generated validators (scripts/generate.mjs), where the bundler does not see them. */
const INLINED = ['node_modules/ajv', 'node_modules/fast-deep-equal'];

/** The packages of which something is in the bundle, by name. Throws where one of them may not be there. */
export function bundled({ outputs }) {
  const paths = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
  const folders = paths.flatMap((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
  const found = [...folders, ...INLINED].map(packageIn).map((one) => [`${one.name}@${one.version}`, one]);
  return [...new Map(found.sort(([a], [b]) => (a < b ? -1 : 1))).values()];
}

function packageIn(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  if (file === undefined) throw new Error(`${name} has no licence file`);
  if (!ALLOWED.includes(license))
    throw new Error(`${name} is under ${license}: look whether it may be bundled`);
  return { name, version, licence: license, text: readFileSync(join(folder, file), 'utf8').trim() };
}

/** What must go with the copies: each licence once, with the packages under it and their own copyright lines. */
export function licences(packages) {
  const groups = new Map();
  for (const one of packages) {
    const lines = one.text.split(/\r?\n/);
    const own = lines.filter((line) => /^\s*(copyright|\(c\))\s/i.test(line)).map((line) => line.trim());
    const rest = lines
      .filter((line) => !own.includes(line.trim()))
      .join('\n')
      .trim();
    const key = rest.replace(/\s+/g, ' ').toLowerCase();
    const group = groups.get(key) ?? { rest, members: [] };
    group.members.push(`${one.name} ${one.version} (${one.licence})`, ...own.map((line) => `    ${line}`));
    groups.set(key, group);
  }
  const parts = [...groups.values()].map(
    ({ rest, members }) => `${'-'.repeat(80)}\n${members.join('\n')}\n\n${rest}`,
  );
  return `${['sailplan is under the MIT licence (LICENSE). Its files in dist/ hold parts of the packages below.', ...parts].join('\n\n')}\n`;
}
