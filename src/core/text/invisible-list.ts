/**
 * Characters that a reader cannot see or that re-order what is seen: DEL, C1 controls, soft hyphen, fillers, zero-width,
 * bidi controls, line and paragraph separators, variation selectors, shorthand and musical format controls, tags. C0 controls
 * are for the medium to judge. A fixed list: the printed form of a plan must not depend on the Unicode version of Node.
 */
export const HIDDEN =
  /[\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;
