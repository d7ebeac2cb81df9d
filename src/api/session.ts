import type { Args, Io } from '../cli/io.ts';
import { secretsIn } from '../cli/secret-variables.ts';
import type { Settings } from '../cli/settings.ts';
import { GTM_V1 } from '../contract/contract.ts';
import { createSecrets } from '../platform/secret-redaction.ts';
import type { FolderOptions, ProgressOptions, ShopOptions } from './options.ts';

type Options = Partial<ShopOptions> & FolderOptions & ProgressOptions;

/** What a command gets from flags, environment and config file, from the caller's options alone. */
export const settingsOf = ({ apiUrl, name, out, policy, contract }: Options): Settings => ({
  config: null,
  configPath: null,
  contract: contract ?? GTM_V1,
  contractPath: null,
  out: out ?? 'plans',
  policyPath: policy === undefined || policy === false ? 'sailplan.policy.json' : policy,
  desired: undefined,
  registry: undefined,
  targetName: name ?? null,
  apiUrl,
  channel: undefined,
  isApiUrlFromConfig: false,
});

/** Headers go the way of `--header-env`: their values are secrets, too. */
export const argsOf = ({ headers = {}, parallel, allowHttp, policy }: Options): Args => ({
  'header-env': Object.keys(headers).map((name, index) => `${name}=${variable(index)}`),
  ...(parallel === undefined ? {} : { parallel }),
  ...(policy === undefined ? {} : { policy }),
  'allow-http': allowHttp === true,
});

const variable = (index: number): string => `HEADER_${index}`;

export function ioOf(options: Options): Io {
  const { token, headers = {}, onMessage, signal, archiveKey } = options;
  const env = {
    ...(token === undefined ? {} : { SALEOR_TOKEN: token }),
    ...(archiveKey === undefined ? {} : { SAILPLAN_ARCHIVE_KEY: archiveKey }),
    ...Object.fromEntries(Object.values(headers).map((value, index) => [variable(index), value])),
  };
  const secrets = createSecrets(secretsIn(argsOf(options), env));
  return {
    out: () => undefined,
    err: (text) => onMessage?.(secrets.redact(text)),
    progress: () => undefined,
    trace: () => undefined,
    ask: async () => null,
    isTerminal: false,
    hasColor: false,
    width: 80,
    env,
    redact: secrets.redact,
    assertNoSecret: secrets.assertNoSecret,
    stopOnSignal: () => () => signal?.aborted === true,
  };
}
