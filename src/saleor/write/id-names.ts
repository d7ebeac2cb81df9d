import type { CreatedResource, ScopeReading } from '../../apply/ports.ts';

/** Names for the ids in Saleor's messages: a person knows `gsv_roles.founder`, and not `QXR0cmlidXRlVmFsdWU6MjE=`. */
export interface IdNames {
  /** Remembers what a read shows, also what somebody deletes later. */
  learn(read: ScopeReading): void;
  learnCreated(made: readonly CreatedResource[]): void;
  /** The text with each known id replaced by its name. */
  inWords(text: string): string;
}

/** What may be a global id of Saleor: base64. */
const ID = /[A-Za-z0-9+/]{8,}={0,2}/g;

export function createIdNames(): IdNames {
  const names = new Map<string, string>();
  return {
    learn: ({ attributes, product_types, products }) => {
      for (const [slug, { id, values }] of Object.entries(attributes)) {
        names.set(id, slug);
        for (const [value, { id: valueId }] of Object.entries(values)) names.set(valueId, `${slug}.${value}`);
      }
      for (const [slug, { id }] of Object.entries(product_types)) names.set(id, slug);
      for (const [slug, { id }] of Object.entries(products)) names.set(id, slug);
    },
    learnCreated: (made) => {
      for (const { ref, id } of made) names.set(id, ref.split('.').slice(1).join('.'));
    },
    inWords: (text) => text.replace(ID, (id) => names.get(id) ?? id),
  };
}
