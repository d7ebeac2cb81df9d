import type { Contract } from '../contract/contract.ts';
import type { Actual, Target } from '../core/actual-state.ts';
import type { Desired } from '../core/desired-state.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import { plural } from '../core/text/counting.ts';
import { diffAttributes } from '../diff/attribute-changes.ts';
import { DEFAULT_OPTIONS, type Inputs, type Options } from '../diff/model.ts';
import { localesOf, TRANSLATE } from '../diff/translation-changes.ts';
import { hintOf, messageOf } from '../plan/diagnostic-messages.ts';
import type { Http } from '../platform/http/client.ts';
import { greet } from '../saleor/preflight.ts';
import { readActualState } from '../saleor/read/read-actual.ts';
import { readProductsThere } from '../saleor/read/shop-inventory.ts';
import { listChannels } from '../saleor/read/value-usage.ts';
import { diagnoseMachine } from './diagnose-machine.ts';
import { idListFindings, labelFindings, mediaFindings } from './diagnose-source.ts';
import { openReader, targetOf } from './open-shop.ts';
import type { SaleorConnection, WagtailSource, Workspace } from './options.ts';
import type { Notes } from './ports.ts';
import { progressTo, readDesiredState } from './read-desired.ts';
import type { IdListSources } from './read-id-lists.ts';
import { namedBy } from './read-shop.ts';
import { failedFinding, okFinding, type SetupFinding } from './setup-finding.ts';
import { type ShopLacks, shopLacks } from './shop-lacks.ts';

const STEPS_THAT_WRITE = [
  'create_missing',
  'sync_attributes',
  'create_attributes',
  'adopt',
  'prune_values',
] as const;

/** The options of a plan that need more than products. */
export type SetupSteps = Partial<Pick<Options, (typeof STEPS_THAT_WRITE)[number]>>;

export interface SetupQuestion {
  readonly saleor: SaleorConnection;
  readonly contract: Contract;
  /** Called after the shop has answered, so that what is wrong with the source is reported after it; null: none is named. */
  readonly source: () => WagtailSource | null;
  readonly steps: SetupSteps;
  readonly lists: IdListSources;
  /** Policy, keys, plans and config, and the programs that they need. */
  readonly workspace: Workspace;
}

/** The checks, and what the shop lacks before pages can be compared; null: it was not reached. */
export interface SetupDiagnosis {
  readonly findings: readonly SetupFinding[];
  readonly lacking: ShopLacks | null;
}

/** Checks what planning and applying with these options need; reads only. Stops at the first error that hides the rest. */
export async function diagnoseSetup(
  question: SetupQuestion,
  http: Http,
  notes: Pick<Notes, 'progress'>,
): Promise<SetupDiagnosis> {
  const { saleor, workspace, contract } = question;
  const found: SetupFinding[] = [contractFinding(workspace, contract)];
  found.push(...(await diagnoseMachine(workspace, targetOrNull(saleor))));
  try {
    const lacking = await diagnoseBothEnds(question, http, notes, found);
    return { findings: found, lacking };
  } catch (error) {
    return { findings: [...found, failedFinding(error)], lacking: null };
  }
}

/** Adds to `found` during the checks, so that findings before an error are kept. */
async function diagnoseBothEnds(
  { saleor, contract, source, steps, lists }: SetupQuestion,
  http: Http,
  notes: Pick<Notes, 'progress'>,
  found: SetupFinding[],
): Promise<ShopLacks> {
  const { api_url } = targetOf(saleor);
  found.push(addressFinding(api_url));
  const reader = openReader(saleor, http);
  const { shop, permissions, app } = await greet(reader);
  const who = app === null ? 'a person’s token' : `the token of the app "${app.name}"`;
  found.push(okFinding('reachable', `${api_url} is Saleor ${shop.version}, "${shop.name}"`));
  found.push(okFinding('token_valid', `${who} is accepted`));
  const named = source();
  const desired =
    named === null ? null : (await readDesiredState(named, contract, http, progressTo(notes))).desired;
  found.push(...permissionFindings(permissions, steps, contract));
  const { actual, extras } = await readActualState(reader, contract, {
    products: { ids: [], slugs: [] },
    locales: desired === null ? [] : localesOf({ contract, desired }),
    target: targetOf(saleor),
  });
  found.push(...extras.problems.map(asFinding));
  found.push(...structureFindings(contract, actual, steps));
  found.push(...(await idListFindings(lists, contract, http)));
  if (desired === null) return shopLacks(contract, actual, null, { there: null, channel: null });
  found.push(...labelFindings(contract, actual, desired), ...mediaFindings(desired, api_url));
  const canSee = permissions.includes('MANAGE_PRODUCTS');
  const there = canSee ? await readProductsThere(reader, namedBy(desired)) : null;
  const channels = saleor.channel === undefined ? await listChannels(reader) : [saleor.channel];
  const channel = channels.length === 1 ? (channels[0] ?? null) : null;
  return shopLacks(contract, actual, desired, { there, channel });
}

const targetOrNull = (saleor: SaleorConnection): Target | null => {
  try {
    return targetOf(saleor);
  } catch {
    return null;
  }
};

function contractFinding({ contractPath, configPath }: Workspace, contract: Contract): SetupFinding {
  const figures = `${plural(contract.attributes.length, 'attribute')}, ${plural(contract.metadata.length, 'metadata key')}`;
  const name = contractPath ?? `the built-in contract ${contract.name}`;
  const config = configPath === null ? 'no config file' : configPath;
  return okFinding('settings', `${config}; ${name} (${figures})`);
}

const asFinding = (problem: Diagnostic): SetupFinding => ({
  severity: problem.severity === 'note' ? 'warning' : problem.severity,
  code: problem.code,
  message: messageOf(problem),
  fix: hintOf(problem),
});

/** Without the final slash Saleor answers with an HTML page (docs/saleor.md#http-statuses). */
function addressFinding(url: string): SetupFinding {
  const { protocol, pathname } = new URL(url);
  if (!pathname.endsWith('/')) {
    const fix = `Set SALEOR_API_URL=${url}/`;
    return { severity: 'error', code: 'slash_missing', message: `${url} does not end with a slash`, fix };
  }
  return okFinding('address', protocol === 'https:' ? `${url}, with TLS` : `${url}, without TLS`);
}

const TYPES = 'MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES';

/** Without flags a missing permission for values and assignments is a warning: only some plans need it. */
function permissionFindings(
  held: readonly string[],
  steps: SetupSteps,
  contract: Contract,
): readonly SetupFinding[] {
  const asked = STEPS_THAT_WRITE.filter((name) => steps[name] === true);
  const judge = (permission: string, severity: 'warning' | 'error', what: string): SetupFinding =>
    held.includes(permission)
      ? okFinding('permission_held', `the token has ${permission}`)
      : {
          severity,
          code: 'permission_missing',
          message: `the token lacks ${permission}, which ${what} needs`,
          fix: `Give the app ${permission} (Dashboard, Extensions).`,
        };
  const flags = asked.map((name) => `--${name.replaceAll('_', '-')}`).join(', ');
  const what = asked.length > 0 ? flags : 'all changes except products (values, assignments)';
  return [
    judge('MANAGE_PRODUCTS', 'error', 'reading and writing products'),
    judge(TYPES, asked.length > 0 ? 'error' : 'warning', what),
    ...(contract.label_languages?.length === 0
      ? []
      : [judge(TRANSLATE, 'warning', 'writing labels as translations')]),
  ];
}

const NOTHING: Desired = {
  source: { kind: 'export', locale: 'en', page_type: null, access: 'unknown' },
  taxonomies: {},
  offerings: [],
  problems: [],
};

function structureFindings(contract: Contract, actual: Actual, steps: SetupSteps): readonly SetupFinding[] {
  const inputs: Inputs = {
    contract,
    options: {
      ...DEFAULT_OPTIONS,
      create_attributes: steps.create_attributes === true,
      sync_attributes: steps.sync_attributes === true,
    },
    registry: null,
    desired: NOTHING,
    actual,
  };
  const { problems, changes } = diffAttributes(inputs);
  const planned = changes.map(({ ref }) =>
    okFinding('will_be_planned', `${ref} is missing, and these flags plan it`),
  );
  const found = [...problems.map(asFinding).map((one) => creatable(one, actual)), ...planned];
  const figures = `${plural(contract.attributes.length, 'attribute')}, ${plural(contract.product_types.length, 'product type')} and their assignments`;
  return found.length > 0 ? found : [okFinding('structure', `${figures} match the contract`)];
}

/** A missing attribute blocks only a token that cannot create it: the next plan does, and is proposed so. */
const creatable = (finding: SetupFinding, { permissions }: Actual): SetupFinding =>
  finding.code === 'attribute_missing' && permissions.includes(TYPES)
    ? { ...finding, severity: 'warning', fix: 'A plan creates it (--create-attributes).' }
    : finding;
