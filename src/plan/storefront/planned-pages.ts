import type { Contract } from '../../contract/contract.ts';
import type { ProductDocument } from '../../core/actual-state.ts';
import type { Desired, Offering } from '../../core/desired-state.ts';
import { ref } from '../../core/resource-ref.ts';
import { isOfImage } from '../../diff/image-problems.ts';
import { lintDesired } from '../../diff/lint-desired.ts';
import type { IdLists } from '../../diff/model.ts';
import { documentDeriver } from '../../diff/product-document.ts';
import { indexTerms, type TermIndex } from '../../diff/term-index.ts';

/** What the storefront is compared with. */
export interface StorefrontInputs extends IdLists {
  readonly contract: Contract;
  readonly desired: Desired;
  /** Address of the shop's API. */
  readonly shopUrl: string;
}

/** A page whose product can be judged. */
export interface PlannedPage {
  readonly offering: Offering;
  readonly document: ProductDocument;
  /** Metadata keys that no plan writes. */
  readonly kept: ReadonlySet<string>;
}

export type SkippedPage = {
  readonly page_id: number;
  readonly title: string;
  /** Codes of its errors (docs/problems.md). */
  readonly codes: readonly string[];
};

export interface PlannedStorefront {
  readonly index: ReadonlyMap<string, TermIndex>;
  readonly pages: readonly PlannedPage[];
  /** Pages with an error, in the order of the pages. */
  readonly skipped: readonly SkippedPage[];
}

/** What the pages give their products, without asking the shop; a page that no plan would take is skipped. */
export function plannedStorefront(inputs: StorefrontInputs): PlannedStorefront {
  const codes = new Map<number, Set<string>>();
  for (const { severity, code, data } of lintDesired(inputs)) {
    const page = data['page_id'];
    if (severity !== 'error' || isOfImage(code) || typeof page !== 'number') continue;
    codes.set(page, (codes.get(page) ?? new Set()).add(code));
  }
  const { index } = indexTerms(inputs);
  const derive = documentDeriver({ contract: inputs.contract, shopUrl: inputs.shopUrl }, index);
  const pages: PlannedPage[] = [];
  const skipped: SkippedPage[] = [];
  for (const offering of inputs.desired.offerings) {
    const { page_id, title } = offering;
    const wrong = codes.get(page_id);
    if (wrong !== undefined) {
      skipped.push({ page_id, title, codes: [...wrong].sort() });
      continue;
    }
    const { document, kept } = derive({ offering, address: ref.page(page_id) });
    pages.push({ offering, document, kept });
  }
  return { index, pages, skipped };
}
