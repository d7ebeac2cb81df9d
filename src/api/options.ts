import { assertFurtherHeaders, isHeaderName } from '../app/further-headers.ts';
import type { SaleorConnection, Workspace } from '../app/options.ts';
import { type Notes, type SecretGuard, SILENT } from '../app/ports.ts';
import { POLICY_FILE } from '../app/rule-places.ts';
import { whoAmI } from '../app/who-am-i.ts';
import { type Contract, GTM_V1 } from '../contract/contract.ts';
import { Failure } from '../core/failure.ts';
import { NONE_ALLOWED } from '../platform/http/origin-policy.ts';
import { createSecrets } from '../platform/secret-redaction.ts';

/** The shop and how to connect to it. Reads no environment variables and no config file. */
export interface ShopOptions {
  /** GraphQL address, e.g. https://shop.example.com/graphql/ */
  readonly apiUrl: string;
  /** Of a Saleor app. */
  readonly token: string;
  /** The target's name, if a config or policy has one. */
  readonly name?: string;
  /** Additional headers, for example for a proxy in front of the shop. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Requests at one time (4). */
  readonly parallel?: number;
  /** Allows the token to travel over plain http to another machine. */
  readonly allowHttp?: boolean;
}

/** Where plans are, and by which rules they are judged. */
export interface FolderOptions {
  /** Folder of the plans ('plans'); its archive is in there. */
  readonly out?: string;
  /** Path of a policy ('sailplan.policy.json'); false: there is none, and one unsigned approval is enough. */
  readonly policy?: string | false;
  /** Default: the built-in gtm-v1. Must equal the plan's contract. */
  readonly contract?: Contract;
}

/** For a person who waits. */
export interface ProgressOptions {
  readonly onMessage?: (message: string) => void;
  /** Aborted: the apply stops after the steps in flight; the same plan can be applied again. */
  readonly signal?: AbortSignal;
  /** Path of an SSH key that signs the lines of the archive. */
  readonly archiveKey?: string;
}

/** One shop as the use cases take it. */
export const saleorFrom = (options: ShopOptions): SaleorConnection => ({
  apiUrl: options.apiUrl,
  isApiUrlFromConfig: false,
  targetName: options.name ?? null,
  channel: undefined,
  token: options.token,
  headers: checkedHeaders(options.headers),
  parallel: options.parallel ?? 4,
  allowHttp: options.allowHttp === true,
  allowedOrigins: NONE_ALLOWED,
});

export const workspaceFrom = ({ out, policy, contract }: FolderOptions): Workspace => ({
  out: out ?? 'plans',
  contract: contract ?? GTM_V1,
  contractPath: null,
  configPath: null,
  policyPath: policy === undefined || policy === false ? POLICY_FILE : policy,
  policyUse: policy === false ? 'none' : policy === undefined ? 'default' : 'named',
  places: {
    config: null,
    folder: null,
    given: { policy: policy === false ? undefined : policy, contract: undefined, out },
    targetName: null,
  },
});

/** The token and the values of further headers are kept out of every file and message. */
export const secretsOf = ({
  token,
  headers = {},
}: Partial<Pick<ShopOptions, 'token' | 'headers'>>): SecretGuard =>
  createSecrets({ ...(token === undefined ? {} : { SALEOR_TOKEN: token }), ...headers });

export const notesFor = ({ onMessage }: ProgressOptions, secrets: SecretGuard): Notes => ({
  ...SILENT,
  warn: (text) => onMessage?.(secrets.redact(text)),
});

function checkedHeaders(headers: ShopOptions['headers'] = {}): Readonly<Record<string, string>> {
  const names = Object.keys(headers);
  const wrong = names.find((name) => !isHeaderName(name));
  if (wrong !== undefined) throw new Failure('usage', `headers: ${wrong} is not the name of a header`);
  assertFurtherHeaders(names, 'headers:');
  return headers;
}

/** The account that runs this process. */
export const madeBy = (): string => whoAmI(process.env);
