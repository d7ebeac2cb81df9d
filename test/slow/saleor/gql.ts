import { ask } from './remove.mjs';

/**
 * A shop's API by hand: nothing here comes from src, so that what the tool says of the shop is checked by another eye.
 * Throws an Error for anything but data without errors, also in a mutation's payload.
 */
// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes, looked at field by field
export type Gql = (query: string, variables?: object) => Promise<any>;

export const gqlAt =
  (apiUrl: string, token: string): Gql =>
  (query, variables) =>
    ask(apiUrl, token, query, variables);
