import type { Target } from '../../core/actual-state.ts';
import { Failure } from '../../core/failure.ts';
import { sha256 } from '../../core/json/canonical-json.ts';
import { parseStrictOr } from '../../core/json/duplicate-members.ts';
import { own, sortedRecord } from '../../core/json/records.ts';
import { faultsOf } from '../../core/json/schema-errors.ts';
import { didYouMean } from '../../core/text/did-you-mean.ts';
import { oddSpelling, withoutCredentials } from '../../core/web-address.ts';
import { HAZARDS } from '../../plan/hazards.ts';
import type { PolicyFile, RuleSet } from '../generated/policy.js';
import validate, { members } from '../generated/policy.js';
import { enforceabilityError } from './enforceability.ts';
import { type Rules, rulesOf } from './rules.ts';

/** sailplan.policy.json, after every rule was found enforceable. */
export interface Policy {
  /** SHA-256 of the file's bytes. */
  readonly digest: string;
  /** Rules of targets that are not listed; null: those targets are refused. */
  readonly default: Rules | null;
  /** By name. */
  readonly targets: Readonly<Record<string, { readonly api_url: string; readonly rules: Rules }>>;
}

/**
 * Reads a policy. Throws a Failure (policy_refused) for unknown members (with the nearest known one), rules that cannot
 * be enforced, and unknown hazards.
 */
export function readPolicy(bytes: Uint8Array): Policy {
  const file = parse(bytes);
  const targets = Object.entries(file.targets ?? {}).map(([name, { api_url, ...rules }]) => {
    return [
      name,
      { api_url: normalise(api_url, name), rules: enforceable({ ...file.default, ...rules }, name) },
    ] as const;
  });
  const addresses = targets.map(([, { api_url }]) => api_url);
  const twice = addresses.find((address, index) => addresses.indexOf(address) !== index);
  if (twice !== undefined) throw refused(`two targets have the address ${twice}`);
  return {
    digest: sha256(bytes),
    default: file.default === undefined ? null : enforceable(file.default, 'default'),
    targets: sortedRecord(targets),
  };
}

/**
 * The rules for a plan's target. The address selects them, because the author of a plan chooses the name. Throws a Failure
 * (policy_refused) if the policy assigns the name to another address, or has no rules for this one.
 */
export function rulesFor(policy: Policy, target: Target): Rules {
  const address = normalise(target.api_url, 'the plan');
  const listed = Object.entries(policy.targets).find(([, { api_url }]) => api_url === address);
  const namesake = target.name === null ? undefined : own(policy.targets, target.name);
  if (namesake !== undefined && namesake.api_url !== address) {
    throw refused(
      `the target ${target.name} is ${namesake.api_url} in the policy and ${address} in the plan`,
      'Plan again with the right address, or correct the policy.',
    );
  }
  // Servers may answer under several paths, so the default must not apply to a shop that has its own rules.
  const sameOrigin = Object.values(policy.targets).find(
    ({ api_url }) => new URL(api_url).origin === new URL(address).origin,
  );
  if (listed === undefined && sameOrigin !== undefined)
    throw refused(
      `the policy has rules for ${sameOrigin.api_url}, and the plan is for ${address} on the same server`,
      'Plan again with the address of the policy, or list this address in it.',
    );
  const rules = listed?.[1].rules ?? policy.default;
  if (rules === null) {
    throw refused(
      `the policy has no rules for ${address} and no default`,
      'List the target in sailplan.policy.json, or give it a default.',
    );
  }
  return rules;
}

function parse(bytes: Uint8Array): PolicyFile {
  const value: unknown = parseStrictOr(bytes, (because, hint) => refused(`not a policy: ${because}`, hint));
  const faults = faultsOf(validate, value, members);
  if (faults.length > 0) throw refused(faults.slice(0, 3).join('; '));
  return value as PolicyFile;
}

function enforceable(given: RuleSet, name: string): Rules {
  const unknown = given.hazards?.must_be_accepted.find((code) => !Object.hasOwn(HAZARDS, code));
  if (unknown !== undefined) {
    throw refused(
      `${name}: there is no hazard ${unknown}. ${didYouMean(unknown, Object.keys(HAZARDS))}`.trimEnd(),
    );
  }
  const rules = rulesOf(given);
  const fault = enforceabilityError(rules, given);
  if (fault !== null) throw refused(`${name}: ${fault.message}`, fault.hint);
  return rules;
}

/** An address as plans store it: without user info, query and fragment. Throws a Failure (policy_refused). */
function normalise(address: string, name: string): string {
  if (!URL.canParse(address)) throw refused(`${name}: its api_url is not an address`);
  const odd = oddSpelling(new URL(address));
  if (odd !== null)
    throw refused(`${name}: ${withoutCredentials(address)} is not the usual spelling: ${odd}`);
  return withoutCredentials(address);
}

const refused = (message: string, hint = 'docs/approval.md describes all members.'): Failure =>
  new Failure('policy_refused', `sailplan.policy.json: ${message}`, hint);
