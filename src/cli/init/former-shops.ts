import { join } from 'node:path';
import { Failure } from '../../core/failure.ts';
import { isRecord } from '../../core/json/records.ts';
import { isFile, readText, WRITTEN_FILE } from '../../platform/files.ts';
import { parseYaml } from '../../platform/yaml.ts';
import type { Forge } from './ci-files.ts';
import {
  type CiShop,
  FURTHER_TOKENS,
  PIPELINE,
  SHOP_WORKFLOW,
  tokenInput,
  WORKFLOW,
} from './workflow-text.ts';

const ONE: readonly CiShop[] = [{ name: null, target: null, directory: '.' }];

/** The shops that a workflow or pipeline of an earlier call names; of another file: one. */
export function formerShops(top: string, forge: Forge): readonly CiShop[] {
  const file = forge === 'github' ? WORKFLOW : PIPELINE;
  if (!isFile(join(top, file))) return [];
  try {
    const document = parseYaml(readText(join(top, file), WRITTEN_FILE), file);
    const listed = (forge === 'github' ? matrixOf(document) : includesOf(document)).flatMap(shopOf);
    return listed.length === 0 ? ONE : listed;
  } catch (error) {
    if (error instanceof Failure) return ONE;
    throw error;
  }
}

/** The further tokens that a workflow of an earlier call passes. */
export function formerTokens(top: string): readonly string[] {
  const texts = [WORKFLOW, SHOP_WORKFLOW].map((file) => {
    const path = join(top, file);
    return isFile(path) ? readText(path, WRITTEN_FILE) : '';
  });
  return FURTHER_TOKENS.filter((name) => texts.some((text) => text.includes(tokenInput(name))));
}

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
