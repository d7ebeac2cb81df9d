import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Licences that allow us to ship a copy inside an MIT package, as long as their text comes with it. */
const ALLOWED = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD'];

/** The packages of which something is in the bundle, by name: {name, version, licence, text}. Throws where one may not be. */
export function bundled({ inputs }) {
  const folders = new Set();
  for (const path of Object.keys(inputs)) {
    const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path);
    if (found !== null) folders.add(found[1]);
  }
  return [...folders].map(one).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function one(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  if (file === undefined) throw new Error(`${name} has no licence file`);
  if (!ALLOWED.includes(license))
    throw new Error(`${name} is under ${license}: look whether it may be bundled`);
  return { name, version, licence: license, text: readFileSync(join(folder, file), 'utf8').trim() };
}

/** What must go with the copies. */
export const licences = (packages) =>
  [
    'sailplan is under the MIT licence (LICENSE). Its files in dist/ hold parts of these packages:',
    ...packages.map(
      ({ name, version, licence, text }) => `${'-'.repeat(80)}\n${name} ${version} (${licence})\n\n${text}`,
    ),
  ].join('\n\n') + '\n';
