import type { Json } from '../core/json/json-value.ts';
import { isRecord } from '../core/json/records.ts';
import type { PlanProvenance } from './generated/provenance.js';
import validate from './generated/provenance.js';

/** provenance.json: who made a plan, from what and with what. It decides nothing. schemas/provenance.schema.json has each member. */
export type { PlanProvenance, Users } from './generated/provenance.js';

/**
 * Reads a provenance.json of any version as far as it has the shape. Nothing binds the file, so nothing in it may stop or mislead
 * a reader: members of another shape are dropped, unknown ones too, and missing ones get their defaults. null: the file
 * does not say which plan it describes, who made it, when and with what.
 */
export function parsePlanProvenance(value: Json): PlanProvenance | null {
  if (!isRecord(value)) return null;
  const metadata: MutableJson = { ...structuredClone(value), format_version: '1.0' };
  // A member that is dropped may leave its owner without something required: the owner goes next.
  while (!validate(metadata)) {
    for (const { instancePath } of validate.errors ?? []) {
      if (instancePath === '') return null;
      drop(metadata, instancePath);
    }
  }
  return metadata as PlanProvenance;
}

type MutableJson = { [member: string]: Json };

/** Takes out the member that a JSON pointer names. */
function drop(metadata: MutableJson, pointer: string): void {
  const steps = pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = steps.pop() as string;
  const owner = steps.reduce<Json | undefined>((at, step) => (isRecord(at) ? at[step] : undefined), metadata);
  if (isRecord(owner)) delete (owner as MutableJson)[last];
}
