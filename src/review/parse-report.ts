import { Failure } from '../core/failure.ts';
import type { Json } from '../core/json/json-value.ts';
import { isRecord } from '../core/json/records.ts';
import { faultsOf } from '../core/json/schema-errors.ts';
import { parseJson } from '../core/json/untrusted-json.ts';
import { REPORT_FORMAT, type Report } from '../plan/report.ts';
import validate from './generated/report.js';

/** Faults of a malformed report that the message names. */
const FAULTS_MAX = 3;

/**
 * Parses a report file of format 1.x; ignores unknown members of a newer minor version. `name`: the file, for messages. Throws
 * a Failure: format_unknown, or document_malformed with the places of the errors.
 */
export function parseReport(text: string, name: string): Report {
  const document = parseNamed(text, name);
  const version = isRecord(document) ? document['format_version'] : undefined;
  if (typeof version !== 'string') {
    throw new Failure(
      'document_malformed',
      `${name} is not a report`,
      'Give the report.json of a plan’s folder, or a file written with --report-path.',
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
  if (faults.length > 0 && !hasOnlyNewMembers(version)) {
    throw new Failure(
      'document_malformed',
      `${name}: ${faults.slice(0, FAULTS_MAX).join('; ')}`,
      'The file is truncated, was edited by hand, or was written by another version of sailplan: plan again.',
    );
  }
  return document as Report;
}

/** Whether the last validation found nothing but members that a newer minor version may have added. */
const hasOnlyNewMembers = (version: string): boolean =>
  Number(version.slice(2)) > Number(REPORT_FORMAT.slice(2)) &&
  (validate.errors ?? []).every(({ keyword }) => keyword === 'additionalProperties');

/** As parseJson, with the file's name in its message. */
function parseNamed(text: string, name: string): Json {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(error.code, `${name}: ${error.message}`, error.hint);
  }
}
