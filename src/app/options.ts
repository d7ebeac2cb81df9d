import type { Contract } from '../contract/contract.ts';
import type { AllowedOrigins } from '../platform/http/origin-policy.ts';
import type { ApiOptions } from '../wagtail/api/options.ts';
import type { RulePlaces } from './rule-places.ts';

/** Where a token may be sent. */
export interface OriginRules {
  /** Allows plain http to another machine. */
  readonly allowHttp: boolean;
  /** Origins to which a token may be sent if only a config file names them. */
  readonly allowedOrigins: AllowedOrigins;
}

/** One Saleor shop and how to connect to it. */
export interface SaleorConnection extends OriginRules {
  /** GraphQL address as it was given; undefined: none was. */
  readonly apiUrl: string | undefined;
  /** Only a config file names the address. A branch can change that file, so no token is sent there by itself. */
  readonly isApiUrlFromConfig: boolean;
  readonly targetName: string | null;
  /** Slug of the one channel in which products are counted as published; undefined: every channel. */
  readonly channel: string | undefined;
  /** App token; undefined or empty: none was given. */
  readonly token: string | undefined;
  /** Further headers, e.g. for a proxy in front of the shop. */
  readonly headers: Readonly<Record<string, string>>;
  /** Requests at one time. */
  readonly parallel: number;
}

/**
 * Source of the desired state. `mayBeEmpty`: a site without pages is not an error, for reading only its terms. `headers`
 * contain the site's token; they are sent only if OriginRules allow it.
 */
export type WagtailSource =
  | {
      readonly kind: 'file';
      readonly path: string;
      /** A person named it, so it may be a pipe: `--desired <(…)`. */
      readonly isTyped?: boolean;
      readonly mayBeEmpty?: boolean;
      readonly mediaBaseUrl?: string | undefined;
    }
  | { readonly kind: 'stdin'; readonly mediaBaseUrl?: string | undefined; readonly mayBeEmpty?: boolean }
  | ({
      readonly kind: 'url';
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly isUrlFromConfig: boolean;
      readonly mediaBaseUrl?: string | undefined;
      readonly mayBeEmpty?: boolean;
    } & OriginRules)
  | ({
      readonly kind: 'api';
      readonly api: ApiOptions;
      readonly isUrlFromConfig: boolean;
      /** The same of api.v3. */
      readonly isV3UrlFromConfig: boolean;
    } & OriginRules);

/** The folder of the plans, and the files that rule what may be applied from there. */
export interface Workspace {
  /** Folder of the plans. */
  readonly out: string;
  readonly contract: Contract;
  /** null: the built-in one. */
  readonly contractPath: string | null;
  readonly configPath: string | null;
  readonly policyPath: string;
  /** `named`: the file must exist. `none`: the caller states that there is no policy. */
  readonly policyUse: 'default' | 'named' | 'none';
  /** Where config and policy are, or would be, also in other commits than the one that is checked out. */
  readonly places: RulePlaces;
}

/** Addresses of the admin and the dashboard, for links; undefined: no links. */
export interface EditorAddresses {
  readonly wagtailAdmin: string | undefined;
  readonly saleorDashboard: string | undefined;
}

export const isUrl = (path: string): boolean => /^https?:\/\//i.test(path);
