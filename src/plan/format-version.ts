/** major.minor of a plan with full snapshots. */
export const FORMAT_VERSION = '1.0';

/** The newest format that this version writes and knows completely; 1.1 added the member `rest`. */
export const NEWEST_FORMAT = '1.1';

/** Whether this version knows every member that a plan of this format can have. */
export const isKnownFormat = (version: string): boolean =>
  version === FORMAT_VERSION || version === NEWEST_FORMAT;
