import type { AttributeRule } from '../contract/contract.ts';
import type { Actual, Attribute, ProductType } from '../core/actual-state.ts';
import type { Diagnostic, Severity } from '../core/diagnostic.ts';
import type { JsonObject } from '../core/json/json-value.ts';
import { byCodeUnit, own } from '../core/json/records.ts';
import type { Change } from './model.ts';

/** The result of one step of the diff. */
export interface StepDiff {
  readonly changes: readonly Change[];
  readonly problems: readonly Diagnostic[];
}

/** Collects the changes and diagnostics of one step, in order. */
export function collector() {
  const changes: Change[] = [];
  const problems: Diagnostic[] = [];
  return {
    changes,
    problems,
    report: (severity: Severity, code: string, ref: string, data: JsonObject = {}) =>
      void problems.push({ severity, code, ref, data }),
  };
}

export type Collector = ReturnType<typeof collector>;

/** The product type that the contract names by slug or by name, with its slug; a slug wins over a name. */
export function findProductType(
  { product_types }: Actual,
  wanted: string,
): [string, ProductType] | undefined {
  const bySlug = own(product_types, wanted);
  if (bySlug !== undefined) return [wanted, bySlug];
  const byName = Object.entries(product_types).filter(([, { name }]) => name === wanted);
  return byName.sort(([a], [b]) => byCodeUnit(a, b))[0];
}

/** The attribute of a rule, if the shop has one of the right input type. */
export function findAttribute({ attributes }: Actual, rule: AttributeRule): Attribute | undefined {
  const attribute = own(attributes, rule.slug);
  return attribute?.input_type === rule.input_type ? attribute : undefined;
}
