/** Values of a workflow's expressions. A member that is not there is null, as in GitHub Actions. */
export type ExpressionValue = string | number | boolean | null | { readonly [name: string]: ExpressionValue };

type Functions = Readonly<Record<string, () => boolean>>;

const TOKEN = /\s*(?:('(?:[^']|'')*')|(\d+)|(&&|\|\||==|!=|[!().])|([\w-]+))/y;

/** Evaluates what stands between `${{` and `}}`: literals, members, == != && || !, parentheses and status functions. */
export function evaluate(text: string, context: ExpressionValue, functions: Functions): ExpressionValue {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const found = TOKEN.exec(text);
    if (found === null) throw new Error(`an expression that is not understood: ${text}`);
    tokens.push(found[0].trim());
  }
  let at = 0;
  const take = (): string => tokens[at++] ?? '';
  const isNext = (...wanted: readonly string[]): boolean => wanted.includes(tokens[at] ?? '');

  function or(): ExpressionValue {
    let left = and();
    while (isNext('||')) {
      take();
      const right = and();
      left = isTrue(left) ? left : right;
    }
    return left;
  }
  function and(): ExpressionValue {
    let left = compared();
    while (isNext('&&')) {
      take();
      const right = compared();
      left = isTrue(left) ? right : left;
    }
    return left;
  }
  function compared(): ExpressionValue {
    const left = unary();
    if (!isNext('==', '!=')) return left;
    const isEqual = take() === '==';
    return looselyEqual(left, unary()) === isEqual;
  }
  function unary(): ExpressionValue {
    if (!isNext('!')) return primary();
    take();
    return !isTrue(unary());
  }
  function primary(): ExpressionValue {
    const token = take();
    if (token === '(') {
      const value = or();
      if (take() !== ')') throw new Error(`an expression without its end: ${text}`);
      return value;
    }
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    if (/^\d+$/.test(token)) return Number(token);
    if (token === 'true' || token === 'false') return token === 'true';
    if (isNext('(')) {
      take();
      if (take() !== ')') throw new Error(`a function with arguments: ${text}`);
      const call = functions[token];
      if (call === undefined) throw new Error(`an unknown function: ${token}`);
      return call();
    }
    let value: ExpressionValue = memberOf(context, token);
    while (isNext('.')) {
      take();
      value = memberOf(value, take());
    }
    return value;
  }
  const value = or();
  if (at !== tokens.length) throw new Error(`an expression that goes on: ${text}`);
  return value;
}

const memberOf = (value: ExpressionValue, name: string): ExpressionValue =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value[name] ?? null) : null;

export const isTrue = (value: ExpressionValue): boolean =>
  value !== null && value !== false && value !== 0 && value !== '';

/** As GitHub compares: null is an empty text, letters of either case are equal. */
function looselyEqual(left: ExpressionValue, right: ExpressionValue): boolean {
  const plain = (value: ExpressionValue) => (value === null ? '' : String(value).toLowerCase());
  return plain(left) === plain(right);
}

/** A text with its expressions replaced by their values. */
export const filledIn = (text: string, context: ExpressionValue, functions: Functions): string =>
  text.replace(/\$\{\{(.*?)\}\}/gs, (_, inner: string) => {
    const value = evaluate(inner, context, functions);
    return value === null ? '' : String(value);
  });
