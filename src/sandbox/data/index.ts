import schema from './saleor-schema-3.23.json' with { type: 'json' };
import seed from './seed.json' with { type: 'json' };

/** What was recorded from a running Saleor; a file of its own in the package, since only demo and sandbox read it. */
export { schema, seed };
