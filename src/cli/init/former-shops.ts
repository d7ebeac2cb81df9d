import { join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { isRecord } from '../../core/json/records.ts';
import { isFile, readText, SMALL_FILE } from '../../platform/files.ts';
import { parseYaml } from '../../platform/yaml.ts';
import type { Forge } from './ci-files.ts';
import { type CiShop, PIPELINE, SHOP_WORKFLOW, V3_TOKEN, WORKFLOW } from './workflow-text.ts';

const ONE: readonly CiShop[] = [{ name: null, target: null, directory: '.' }];

/** The shops that a workflow or pipeline of an earlier call names; of another file: one. */
export function formerShops(top: string, forge: Forge): readonly CiShop[] {
  const file = forge === 'github' ? WORKFLOW : PIPELINE;
  if (!isFile(join(top, file))) return [];
  try {
    const document = parseYaml(readText(join(top, file), SMALL_FILE), file);
    const listed = (forge === 'github' ? matrixOf(document) : includesOf(document)).flatMap(shopOf);
    return listed.length === 0 ? ONE : listed;
  } catch (error) {
    if (error instanceof Failure) return ONE;
    throw error;
  }
}

/** Whether a workflow of an earlier call passes the token of API v3. */
export const passesV3 = (top: string): boolean =>
  [WORKFLOW, SHOP_WORKFLOW].some((file) => {
    const path = join(top, file);
    return isFile(path) && readText(path, SMALL_FILE).includes(V3_TOKEN);
  });

function matrixOf(document: unknown): readonly unknown[] {
  const include = at(document, ['jobs', 'shop', 'strategy', 'matrix', 'include']);
  return Array.isArray(include) ? include : [];
}

function includesOf(document: unknown): readonly unknown[] {
  const include = at(document, ['include']);
  return Array.isArray(include) ? include.map((one) => at(one, ['inputs'])) : [];
}

const at = (value: unknown, path: readonly string[]): unknown =>
  path.reduce((place: unknown, name) => (isRecord(place) ? place[name] : undefined), value);

function shopOf(value: unknown): readonly CiShop[] {
  if (!isRecord(value)) return [];
  const { name, target, directory } = value;
  return typeof name === 'string' && typeof target === 'string' && typeof directory === 'string'
    ? [{ name, target: target === '' ? null : target, directory }]
    : [];
}
