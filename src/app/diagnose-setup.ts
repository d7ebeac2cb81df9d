import type { Contract } from '../contract/contract.ts';
import type { Actual } from '../core/actual-state.ts';
import type { Desired } from '../core/desired-state.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import { Failure } from '../core/failure.ts';
import { plural } from '../core/text/counting.ts';
import { diffAttributes } from '../diff/attribute-changes.ts';
import { diff } from '../diff/diff.ts';
import { DEFAULT_OPTIONS, type Inputs, type Options } from '../diff/model.ts';
import { localesOf, TRANSLATE } from '../diff/translation-changes.ts';
import { hintOf, messageOf } from '../plan/diagnostic-messages.ts';
import type { Http } from '../platform/http/client.ts';
import { greet } from '../saleor/preflight.ts';
import { readActualState } from '../saleor/read/read-actual.ts';
import { openReader, targetOf } from './open-shop.ts';
import type { SaleorConnection, WagtailSource } from './options.ts';
import type { Notes } from './ports.ts';
import { progressTo, readDesiredState } from './read-desired.ts';

/** One check; `fix` is the next step, or empty. With an error `plan` or `apply` cannot work. */
export interface SetupFinding {
  readonly severity: 'ok' | 'warning' | 'error';
  readonly code: string;
  readonly message: string;
  readonly fix: string;
}

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
  /** Throws a Failure where the policy cannot be used; returns whether there is one. */
  readonly policy: () => boolean;
}

/** Checks what planning and applying with these options need; reads only. Stops at the first error that hides the rest. */
export async function diagnoseSetup(
  { saleor, contract, source, steps, policy }: SetupQuestion,
  http: Http,
  notes: Pick<Notes, 'progress'>,
): Promise<readonly SetupFinding[]> {
  const found: SetupFinding[] = policyFindings(policy);
  try {
    const { api_url } = targetOf(saleor);
    found.push(addressFinding(api_url));
    const reader = openReader(saleor, http);
    const { shop, permissions, app } = await greet(reader);
    const who = app === null ? 'a person’s token' : `the token of the app "${app.name}"`;
    found.push(ok('reachable', `${api_url} is Saleor ${shop.version}, "${shop.name}"`));
    found.push(ok('token_valid', `${who} is accepted`));
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
    found.push(...(desired === null ? [] : labelFindings(contract, actual, desired)));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    found.push({ severity: 'error', code: error.code, message: error.message, fix: error.hint });
  }
  return found;
}

/** Offline, and no reason to stop asking. */
function policyFindings(policy: SetupQuestion['policy']): SetupFinding[] {
  try {
    return policy() ? [ok('policy', 'the policy can be enforced')] : [];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return [{ severity: 'error', code: error.code, message: error.message, fix: error.hint }];
  }
}

const ok = (code: string, message: string): SetupFinding => ({ severity: 'ok', code, message, fix: '' });

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
  return ok('address', protocol === 'https:' ? `${url}, with TLS` : `${url}, without TLS`);
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
      ? ok('permission_held', `the token has ${permission}`)
      : {
          severity,
          code: 'permission_missing',
          message: `the token lacks ${permission}, which ${what} needs`,
          fix: `Give the app ${permission} (Dashboard, Extensions).`,
        };
  const flags = asked.map((name) => `--${name.replaceAll('_', '-')}`).join(', ');
  const what = asked.length > 0 ? flags : 'anything but products (values, assignments)';
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
    ok('will_be_planned', `${ref} is missing, and these flags plan it`),
  );
  const found = [...problems.map(asFinding).map((one) => creatable(one, actual)), ...planned];
  const figures = `${plural(contract.attributes.length, 'attribute')}, ${plural(contract.product_types.length, 'product type')} and their assignments`;
  return found.length > 0 ? found : [ok('structure', `${figures} are as the contract says`)];
}

/** A missing attribute blocks only a token that cannot create it: the next plan does, and is proposed so. */
const creatable = (finding: SetupFinding, { permissions }: Actual): SetupFinding =>
  finding.code === 'attribute_missing' && permissions.includes(TYPES)
    ? { ...finding, severity: 'warning', fix: 'The plan proposed below creates it (--create-attributes).' }
    : finding;

/** Labels that only a translation can show (docs/saleor.md#the-slug-law). */
function labelFindings(contract: Contract, actual: Actual, desired: Desired): readonly SetupFinding[] {
  const options = { ...DEFAULT_OPTIONS, create_missing: true, create_attributes: true, sync_products: false };
  const { diagnostics, changes } = diff({ contract, options, registry: null, desired, actual });
  const hidden = diagnostics.filter(({ code }) => code === 'label_in_translation').length;
  const open = changes.filter(({ ref }) => ref.startsWith('translation.')).length;
  const labels = `${plural(hidden, 'label')} cannot be ${hidden === 1 ? 'a name' : 'names'}`;
  const written =
    open === 0
      ? 'all translations are written'
      : `${plural(open, 'translation')} ${open === 1 ? 'is' : 'are'} not written yet`;
  const told = ok('labels', `${labels}: translations carry ${hidden === 1 ? 'it' : 'them'}; ${written}`);
  if (hidden === 0) return [ok('labels', 'every label can be the name of its value')];
  if (actual.permissions.includes(TRANSLATE)) return [told];
  return [
    {
      severity: 'warning',
      code: 'label_in_translation',
      message: `${labels}, and without ${TRANSLATE} no translation shows them`,
      fix: `Give the app ${TRANSLATE}, or let the storefront bring its own labels ("label_languages": []).`,
    },
  ];
}
