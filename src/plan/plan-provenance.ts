import type { Json } from '../core/json/json-value.ts';
import { isRecord } from '../core/json/records.ts';
import type { PlanProvenance } from './generated/provenance.js';
import validate from './generated/provenance.js';

/** provenance.json: who made a plan, from what and with what. It decides nothing. schemas/provenance.schema.json has each member. */
export type { PlanProvenance, Users } from './generated/provenance.js';

/**
 * Reads a provenance.json of any version as far as it has the right shape. Nothing protects the file, so its content must not
 * stop or mislead a reader: members of another shape and unknown ones are dropped, missing ones get defaults. null: the file
 * lacks its plan, author, time or tool.
 */
export function parsePlanProvenance(value: Json): PlanProvenance | null {
  if (!isRecord(value)) return null;
  const metadata: MutableJson = { ...structuredClone(value), format_version: '1.0' };
  // A dropped member may leave its parent without a required member: then the parent is dropped next.
  while (!validate(metadata)) {
    for (const { instancePath } of validate.errors ?? []) {
      if (instancePath === '') return null;
      drop(metadata, instancePath);
    }
  }
  return metadata as PlanProvenance;
}

type MutableJson = { [member: string]: Json };

/** Removes the member that a JSON pointer names. */
function drop(metadata: MutableJson, pointer: string): void {
  const steps = pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = steps.pop() as string;
  const owner = steps.reduce<Json | undefined>((at, step) => (isRecord(at) ? at[step] : undefined), metadata);
  if (isRecord(owner)) delete (owner as MutableJson)[last];
}
