/** The parts of js-yaml 3 that are used; its entry point would bring the writer too. */
interface YamlType {
  readonly tag: string;
}

interface YamlSchema {
  readonly implicit: readonly YamlType[];
}

declare module 'js-yaml/lib/js-yaml/type.js' {
  const Type: new (tag: string, options: { kind: 'scalar' | 'sequence' | 'mapping' }) => YamlType;
  export default Type;
}

declare module 'js-yaml/lib/js-yaml/schema.js' {
  const Schema: { create(base: YamlSchema, types: readonly YamlType[]): YamlSchema };
  export default Schema;
}

declare module 'js-yaml/lib/js-yaml/schema/default_safe.js' {
  const safe: YamlSchema;
  export default safe;
}

declare module 'js-yaml/lib/js-yaml/loader.js' {
  const loader: { safeLoad(text: string, options: { schema: YamlSchema }): unknown };
  export default loader;
}
