/**
 * No connection through the proxy was established, so nothing was sent to the server. unsupported: `reason` is why the proxy
 * cannot be used · answered: the proxy returned `status` instead of a connection · connection: `cause` is the error on the way
 * to the proxy or, through it, to the server
 */
export type ProxyProblem =
  | { readonly kind: 'unsupported'; readonly reason: string }
  | { readonly kind: 'answered'; readonly status: number }
  | { readonly kind: 'connection' };

/** Found as a cause of what fetch throws. */
export class ProxyFault extends Error {
  override readonly name = 'ProxyFault';
  readonly problem: ProxyProblem;
  /** Origin of the proxy. */
  readonly proxy: string;

  constructor(problem: ProxyProblem, proxy: string, cause?: unknown) {
    super(`proxy: ${problem.kind}`, { cause });
    this.problem = problem;
    this.proxy = proxy;
  }
}
