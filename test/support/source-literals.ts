import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Module, parseSync } from '@swc/core';

/** Paths of the files below a folder, sorted. */
export const filesIn = (folder: string, isWanted: (path: string) => boolean): readonly string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(isWanted)
    .sort();

/** Every text of a program: its string literals and the literal parts of its templates. Comments are not read. */
export function literalsOf(path: string): readonly string[] {
  const found: string[] = [];
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { type, value, cooked } = node as { type?: unknown; value?: unknown; cooked?: unknown };
    if (type === 'StringLiteral' && typeof value === 'string') found.push(value);
    if (type === 'TemplateElement' && typeof cooked === 'string') found.push(cooked);
    Object.values(node).forEach(walk);
  };
  const module: Module = parseSync(readFileSync(path, 'utf8'), { syntax: 'typescript', target: 'es2022' });
  walk(module.body);
  return found;
}

/** The files whose texts users see. */
export const sourceFiles = (): readonly string[] =>
  filesIn('src', (path) => /\.ts$/.test(path) && !/generated|\.d\.ts$|^src\/sandbox/.test(path));
