import schema from './saleor-schema-3.23.json' with { type: 'json' };
import seed from './seed.json' with { type: 'json' };

/** Schema and shop of a real Saleor, in a chunk of its own, because only demo and sandbox load it. */
export { schema, seed };
