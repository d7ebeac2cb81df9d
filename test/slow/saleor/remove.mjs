// Removes what a run of the acceptance suite made under its prefix; plain JavaScript, so that warden.mjs can run it alone.

/** POSTs one GraphQL document; throws an Error for anything but data without errors, also in a mutation's payload. */
export async function ask(apiUrl, token, query, variables = {}) {
  const answer = await fetch(apiUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await answer.json();
  if (errors !== undefined || data === undefined) throw new Error(`the shop: ${JSON.stringify(errors)}`);
  for (const payload of Object.values(data)) {
    const wrong = payload?.errors ?? [];
    if (wrong.length > 0) throw new Error(`the shop: ${JSON.stringify(wrong)}`);
  }
  return data;
}

/** Every node of a connection, page by page. */
export async function everyNode(apiUrl, token, connection) {
  const nodes = [];
  for (let after = null; ; ) {
    const query = `query($after:String){page:${connection}(first:100,after:$after){pageInfo{hasNextPage endCursor} edges{node{id slug}}}}`;
    const { page } = await ask(apiUrl, token, query, { after });
    nodes.push(...page.edges.map(({ node }) => node));
    if (!page.pageInfo.hasNextPage) return nodes;
    after = page.pageInfo.endCursor;
  }
}

/** A product type takes its products with it, an attribute its values. */
export async function removePrefix(apiUrl, token, prefix) {
  for (const [connection, mutation] of [
    ['productTypes', 'productTypeDelete'],
    ['attributes', 'attributeDelete'],
  ]) {
    for (const { id, slug } of await everyNode(apiUrl, token, connection)) {
      if (!slug.startsWith(`${prefix}_`) && !slug.startsWith(`${prefix}-`)) continue;
      await ask(apiUrl, token, `mutation($id:ID!){${mutation}(id:$id){errors{field code message}}}`, { id });
    }
  }
}
