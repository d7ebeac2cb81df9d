import type { Diagnostic } from '../core/diagnostic.ts';
import { ref } from '../core/resource-ref.ts';

/**
 * What a plan of `--snapshots changed` says of the resources that it does not hold: offerings and products that are in line
 * and of which nothing is told. Only a plan that is made again from the same sources can prove it.
 */
export interface OmittedSnapshot {
  readonly offerings: number;
  readonly products: number;
  /** SHA-256 of the RFC 8785 form of {offerings, products}, as a plan with full snapshots would hold them. */
  readonly digest: string;
  /** Attribute → slug of a value → how many of these products have it: hazards and figures of use need it. */
  readonly values: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** Told wherever the plan is shown, approved or reported, and made anew by whoever rebuilds it. */
export const restProblem = ({ offerings, products }: OmittedSnapshot): Diagnostic => ({
  severity: 'warning',
  code: 'rest_not_rebuilt',
  ref: ref.shop,
  data: { offerings, products },
});
