/** Any value that JSON can carry; documents, snapshots and plans are such values. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [member: string]: Json;
}
