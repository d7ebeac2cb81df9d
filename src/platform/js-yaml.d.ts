/** The part of js-yaml 3 that is used. */
declare module 'js-yaml' {
  interface Type {
    readonly tag: string;
  }
  interface Schema {
    readonly implicit: readonly Type[];
  }
  const yaml: {
    readonly Type: new (tag: string, options: { kind: 'scalar' | 'sequence' | 'mapping' }) => Type;
    readonly Schema: { create(base: Schema, types: readonly Type[]): Schema };
    readonly DEFAULT_SAFE_SCHEMA: Schema;
    safeLoad(text: string, options: { schema: Schema }): unknown;
  };
  export default yaml;
}
