import type { Json, JsonObject } from '../../core/json/canonical-json.ts';

/** Takes out of a value what this version does not know; what has another shape is left as it is, for the schema to refuse. */
type MemberFilter = (value: Json) => Json;

const whole: MemberFilter = (value) => value;

const items =
  (sieve: MemberFilter): MemberFilter =>
  (value) =>
    Array.isArray(value) ? value.map(sieve) : value;

/** Every member of a record, by the same sieve. */
const each =
  (sieve: MemberFilter): MemberFilter =>
  (value) =>
    isRecord(value)
      ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, sieve(one)]))
      : value;

/** The named members, each by its own sieve, and no others. */
const members = (names: string, sieves: Readonly<Record<string, MemberFilter>> = {}): MemberFilter => {
  const known = new Map<string, MemberFilter>(names.split(' ').map((name) => [name, whole]));
  for (const [name, sieve] of Object.entries(sieves)) known.set(name, sieve);
  return (value) =>
    isRecord(value)
      ? Object.fromEntries(
          Object.entries(value).flatMap(([name, one]) => {
            const sieve = known.get(name);
            return sieve === undefined ? [] : [[name, sieve(one)]];
          }),
        )
      : value;
};

const isRecord = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const counts = members('create update delete');
const problem = members('severity code ref data');

/** A plan of a newer minor version with only what this version knows, members of members too (schemas/plan.schema.json). */
export const onlyKnown: MemberFilter = members('format_version errored completeness contract registry', {
  target: members('name api_url channel'),
  source: members('kind locale page_type access'),
  options: members(
    'create_missing strict sync_attributes sync_products create_attributes adopt prune_values prune_used limit only_slugs',
    { exclude: items(members('ref field reason')) },
  ),
  summary: members('create update delete left_out', { by_kind: each(counts) }),
  hazards: items(members('code ref')),
  left_out: items(members('ref page_id title codes')),
  diagnostics: items(problem),
  changes: items(
    members('ref action reason before after needs ids', {
      patch: items(members('op path value')),
      provenance: members('page_id title taxonomy key label contract'),
    }),
  ),
  desired: members('reverts', {
    taxonomies: each(items(members('key label translations'))),
    offerings: items(members('page_id title saleor_product_id saleor_product_slug fields')),
    problems: items(problem),
  }),
  actual: members('permissions locales', {
    attributes: each(
      members('id name input_type', { values: each(members('id name reference translations users')) }),
    ),
    product_types: each(members('id name attributes')),
    products: each(members('id name type', { document: members('attributes metadata') })),
  }),
  rest: members('offerings products digest values'),
});
