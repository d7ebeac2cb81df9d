// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes, looked at field by field
export function ask(apiUrl: string, token: string, query: string, variables?: object): Promise<any>;
export function everyNode(
  apiUrl: string,
  token: string,
  connection: 'productTypes' | 'attributes' | 'products',
): Promise<readonly { readonly id: string; readonly slug: string }[]>;
export function removePrefix(apiUrl: string, token: string, prefix: string): Promise<void>;
