import type { AttributeRule } from '../contract/contract.ts';
import type { Actual, Attribute } from '../core/actual-state.ts';
import type { Diagnostic, Severity } from '../core/diagnostic.ts';
import type { JsonObject } from '../core/json/json-value.ts';
import { own } from '../core/json/records.ts';
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

/** The attribute of a rule, if the shop has one of product types and of the right input type. */
export function findAttribute({ attributes }: Actual, rule: AttributeRule): Attribute | undefined {
  const attribute = own(attributes, rule.slug);
  if (attribute === undefined || isOfAnotherKind(attribute)) return undefined;
  return attribute.input_type === rule.input_type ? attribute : undefined;
}

/** An attribute of pages, for example: it cannot be assigned to a product type, but its slug is taken. */
export const isOfAnotherKind = ({ type }: Attribute): boolean =>
  type !== undefined && type !== 'PRODUCT_TYPE';
