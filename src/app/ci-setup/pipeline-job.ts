import { isRecord } from '../../core/json/records.ts';

/** What a step does with sailplan. */
export type StepKind = 'plan' | 'check' | 'replan' | 'apply' | 'drift' | 'lint';

export interface PipelineStep {
  readonly kind: StepKind;
  /** Environment variables of the step, each with the expression that sets it. */
  readonly variables: Readonly<Record<string, string>>;
  /** Whether it calls one of sailplan's actions, which take inputs. */
  readonly isAction: boolean;
}

/** A job with sailplan in it, of a workflow of GitHub or a pipeline of GitLab. */
export interface PipelineJob {
  readonly name: string;
  readonly line: number;
  readonly steps: readonly PipelineStep[];
  /** Scope → access, or one word for all scopes; null: the job sets no permissions. */
  readonly permissions: Readonly<Record<string, string>> | string | null;
  readonly hasTimeout: boolean;
  readonly environment: string | null;
  /** Whether a newer run cancels this one. */
  readonly isCancelled: boolean;
  /** Each checkout: whether it fetches the whole history, and whether the token stays in it. */
  readonly checkouts: readonly { readonly isWhole: boolean; readonly keepsToken: boolean }[];
  /** Actions that are not sailplan's own. */
  readonly actions: readonly string[];
  readonly usesNpmCi: boolean;
}

/** One file that a forge runs. */
export interface Pipeline {
  readonly forge: 'github' | 'gitlab';
  readonly file: string;
  readonly jobs: readonly PipelineJob[];
  readonly triggers: readonly string[];
  /** Branches whose pushes start it; empty: none are named. */
  readonly branches: readonly string[];
  /** Workflows of this repository that its jobs call, with the inputs of each call of a matrix. */
  readonly calls: readonly WorkflowCall[];
  /** Inputs of each call of this workflow; empty: no workflow calls it. */
  readonly inputs: readonly Readonly<Record<string, string>>[];
}

export interface WorkflowCall {
  readonly file: string;
  readonly inputs: Readonly<Record<string, string>>;
}

const WORDS = 'plan|check|replan|apply|drift';

/** The sailplan steps that a script calls; empty if it calls none. */
export function kindsIn(script: string): readonly StepKind[] {
  const found = [
    ...script.matchAll(new RegExp(`\\bsailplan(?:\\.mjs|@[\\w.]+)?["']? +ci +(${WORDS})\\b`, 'g')),
    ...script.matchAll(/\bsailplan(?:\.mjs|@[\w.]+)?["']? +(plan|apply|drift|lint)\b/g),
    ...script.matchAll(new RegExp(`\\bci/(${WORDS})\\.sh\\b`, 'g')),
  ].map(([, kind]) => kind as StepKind);
  const merged = /\bci\/merged\.sh\b/.test(script) ? (['apply'] as const) : [];
  return [...new Set([...found, ...merged])];
}

/** `./.github/actions/plan`, `acme/sailplan/.github/actions/apply@…` */
export function kindOfAction(uses: string): StepKind | null {
  const [, kind] = new RegExp(`(?:^\\./|sailplan).*/(${WORDS})(?:@.*)?$`).exec(uses) ?? [];
  return (kind as StepKind | undefined) ?? null;
}

/** Members that are strings, numbers or booleans, as strings; `name` maps their names. */
export function textsOf(value: unknown, name = (one: string) => one): Readonly<Record<string, string>> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) =>
      typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean'
        ? [[name(key), String(one)]]
        : [],
    ),
  );
}

/** Line (from 1) of the first member with this name at this indentation. */
export function lineOfMember(text: string, name: string, indent: RegExp): number {
  const quoted = name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const pattern = new RegExp(`^${indent.source}["']?${quoted}["']?\\s*:`);
  return (
    Math.max(
      0,
      text.split('\n').findIndex((line) => pattern.test(line)),
    ) + 1
  );
}

/** Name of a job's environment: `environment: shop`, or its member `name`. */
export const environmentNameIn = (value: unknown): string | null =>
  typeof value === 'string'
    ? value
    : isRecord(value) && typeof value['name'] === 'string'
      ? value['name']
      : null;
