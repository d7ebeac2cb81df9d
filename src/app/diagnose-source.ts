import type { Contract } from '../contract/contract.ts';
import type { Actual } from '../core/actual-state.ts';
import { type Desired, isImage } from '../core/desired-state.ts';
import { plural } from '../core/text/counting.ts';
import { diff } from '../diff/diff.ts';
import { imageFault } from '../diff/image-problems.ts';
import { DEFAULT_OPTIONS } from '../diff/model.ts';
import { TRANSLATE } from '../diff/translation-changes.ts';
import type { Http } from '../platform/http/client.ts';
import { countText, type IdListSources, readIdLists } from './read-id-lists.ts';
import { failedFinding, okFinding, type SetupFinding } from './setup-finding.ts';

/** Named lists must be readable; without a Capability Registry the taxonomy itself is it. */
export async function idListFindings(
  lists: IdListSources,
  contract: Contract,
  http: Http,
): Promise<readonly SetupFinding[]> {
  const isBound = contract.attributes.some((rule) => rule.registry === true);
  return [
    ...(isBound || lists.registry !== undefined ? [await registryFinding(lists, http)] : []),
    ...(lists.controlPlane === undefined ? [] : [await controlPlaneFinding(lists, http)]),
  ];
}

async function registryFinding({ registry: source }: IdListSources, http: Http): Promise<SetupFinding> {
  try {
    const { registry } = await readIdLists({ registry: source, controlPlane: undefined }, http);
    return registry === null
      ? okFinding('registry', 'no Capability Registry is given: the capability taxonomy is used instead')
      : okFinding('registry', `the Capability Registry lists ${countText(registry)}`);
  } catch (error) {
    return failedFinding(error);
  }
}

async function controlPlaneFinding({ controlPlane }: IdListSources, http: Http): Promise<SetupFinding> {
  try {
    const { control_plane = [] } = await readIdLists({ registry: undefined, controlPlane }, http);
    return okFinding('control_plane', `the Control Plane lists ${countText(control_plane)}`);
  } catch (error) {
    return failedFinding(error);
  }
}

/** Images that no storefront could show, by reason. */
export function mediaFindings({ offerings }: Desired, shopUrl: string): readonly SetupFinding[] {
  const codes = offerings.flatMap(({ fields }) =>
    Object.values(fields).flatMap((value) => imageFault(value, shopUrl)?.code ?? []),
  );
  const images = offerings.flatMap(({ fields }) =>
    Object.values(fields).filter((value) => value !== null && isImage(value)),
  );
  if (codes.length === 0)
    return images.length === 0
      ? []
      : [okFinding('media', `${plural(images.length, 'image address', 'image addresses')} can be shown`)];
  return [...new Set(codes)].map((code) => ({
    severity: 'warning',
    code,
    message: `${codes.filter((one) => one === code).length} of ${plural(images.length, 'image address', 'image addresses')} cannot be written (${code})`,
    fix: MEDIA_FIXES[code] ?? 'sailplan lint names the pages; upload those images again.',
  }));
}

const MEDIA_FIXES: Readonly<Record<string, string>> = {
  image_address_relative: 'Set WAGTAILADMIN_BASE_URL in Wagtail, or give --media-base-url.',
  image_address_local: 'Set WAGTAILADMIN_BASE_URL in Wagtail to the public address of the site.',
  image_address_signed: 'Switch signed addresses off in Wagtail: AWS_QUERYSTRING_AUTH = False.',
};

/** Labels that need a translation, because Saleor would derive another slug from them (docs/saleor.md#the-slug-law). */
export function labelFindings(contract: Contract, actual: Actual, desired: Desired): readonly SetupFinding[] {
  const options = { ...DEFAULT_OPTIONS, create_missing: true, create_attributes: true, sync_products: false };
  const { diagnostics, changes } = diff({ contract, options, registry: null, desired, actual });
  const hidden = diagnostics.filter(({ code }) => code === 'label_in_translation').length;
  const open = changes.filter(({ ref }) => ref.startsWith('translation.')).length;
  const labels = plural(hidden, 'label');
  const [are, their] = hidden === 1 ? ['is', 'the slug'] : ['are', 'the slugs'];
  const written =
    open === 0
      ? 'all are written'
      : `${plural(open, 'translation')} ${open === 1 ? 'is' : 'are'} not written yet`;
  if (hidden === 0) return [okFinding('labels', 'Saleor keeps the slug of every label')];
  if (actual.permissions.includes(TRANSLATE))
    return [
      okFinding(
        'labels',
        `${labels} ${are} stored as ${hidden === 1 ? 'a translation' : 'translations'}, because Saleor would change ${their}; ${written}`,
      ),
    ];
  return [
    {
      severity: 'warning',
      code: 'label_in_translation',
      message: `${labels} ${are} not stored: as a name, Saleor would change ${their}, and translations need ${TRANSLATE}`,
      fix: `Give the app ${TRANSLATE}, or keep labels in the storefront instead ("label_languages": [] in the contract).`,
    },
  ];
}
