import { Failure } from '../core/failure.ts';
import { faultsOf } from '../core/json/schema-errors.ts';
import { parseJson } from '../core/json/untrusted-json.ts';
import type { Report } from '../plan/report.ts';
import validate from './generated/report.js';

/**
 * A report file of any 1.x; members that a newer minor version added are ignored. Throws a Failure: format_unknown,
 * or document_malformed with the places.
 */
export function parseReport(text: string, name: string): Report {
  const document = parsed(text, name) as { readonly format_version?: unknown } | null;
  const version = document?.format_version;
  if (typeof version !== 'string') {
    throw new Failure(
      'document_malformed',
      `${name} is no report`,
      'Give the report.json of a plan’s folder, or what --report-path wrote.',
    );
  }
  if (!version.startsWith('1.')) {
    throw new Failure(
      'format_unknown',
      `${name}: not a report of format version 1`,
      'Show it with the sailplan that wrote it.',
    );
  }
  const faults = faultsOf(validate, document);
  const isNewer = version !== '1.0';
  const unknown = isNewer && validate.errors?.every(({ keyword }) => keyword === 'additionalProperties');
  if (faults.length > 0 && unknown !== true) {
    throw new Failure(
      'document_malformed',
      `${name}: ${faults.slice(0, 3).join('; ')}`,
      'The file is cut off or was edited by hand.',
    );
  }
  return document as unknown as Report;
}

function parsed(text: string, name: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(error.code, `${name}: ${error.message}`, error.hint);
  }
}
