/** A shop's API by hand: nothing here comes from src, so that what the tool says of the shop is checked by another eye. */
export interface Gql {
  // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes, looked at field by field
  (query: string, variables?: object): Promise<any>;
}

/** Throws an Error for anything but data without errors, also in a mutation's payload. */
export function gqlAt(apiUrl: string, token: string): Gql {
  return async (query, variables = {}) => {
    const answer = await fetch(apiUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await answer.json()) as { data?: object; errors?: readonly object[] };
    if (errors !== undefined || data === undefined) throw new Error(`the shop: ${JSON.stringify(errors)}`);
    for (const payload of Object.values(data)) {
      const wrong = (payload as { errors?: readonly object[] } | null)?.errors ?? [];
      if (wrong.length > 0) throw new Error(`the shop: ${JSON.stringify(wrong)}`);
    }
    return data;
  };
}

/** Every node of a connection, page by page. */
export async function everyNode(
  gql: Gql,
  connection: string,
  fields: string,
): Promise<readonly Record<string, string>[]> {
  const nodes: Record<string, string>[] = [];
  for (let after: string | null = null; ; ) {
    const query = `query($after:String){page:${connection}(first:100,after:$after){pageInfo{hasNextPage endCursor} edges{node{${fields}}}}}`;
    const { page } = await gql(query, { after });
    nodes.push(...page.edges.map(({ node }: { node: Record<string, string> }) => node));
    if (!page.pageInfo.hasNextPage) return nodes;
    after = page.pageInfo.endCursor;
  }
}
