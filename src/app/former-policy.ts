import { join } from 'node:path';
import type { FormerPolicy } from '../approval/policy/former-policy.ts';
import { type Policy, readPolicy } from '../approval/policy/policy.ts';
import { Failure } from '../core/failure.ts';
import { keptPolicy } from './store/run-records.ts';

/** A policy that an apply relied on, with its content where the runs of that plan kept it. */
export function formerPolicy(
  plans: string,
  named: { readonly digest: string; readonly plan: string } | null,
): FormerPolicy | null {
  if (named === null) return null;
  if (!/^[0-9a-f]{16}$/.test(named.plan)) return { digest: named.digest, policy: null };
  const folder = { path: join(plans, named.plan), id: named.plan, plans };
  const bytes = keptPolicy(folder, named.digest);
  return { digest: named.digest, policy: bytes === null ? null : usable(bytes) };
}

function usable(bytes: Uint8Array): Policy | null {
  try {
    return readPolicy(bytes);
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}
