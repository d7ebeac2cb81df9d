import { sha256 } from '../core/json/canonical-json.ts';
import { HIDDEN } from '../core/text/invisible-characters.ts';

/** C0 controls, lone surrogates, and every white space but U+0020. */
const FORBIDDEN = /[\u0000-\u001f]|\p{Surrogate}|[^\S ]/u;

/**
 * Why a text cannot be a person's name; null when it can. A valid name has one spelling: no controls, no invisible
 * characters, no white space at its ends, composed (NFC).
 */
export function nameError(who: string): string | null {
  const shown = JSON.stringify(who.slice(0, 60));
  if (who.length === 0 || who.length > 200) return `a name has 1 to 200 characters, not ${who.length}`;
  if (FORBIDDEN.test(who) || who.search(HIDDEN) >= 0)
    return `the name ${shown} contains invisible characters`;
  if (who.trim() !== who || who.normalize('NFC') !== who)
    return `the name ${shown} has spaces around it or is not in Unicode form NFC`;
  if (PLACEHOLDER_NAME.test(who)) return `the name ${shown} is a placeholder, not a person`;
  return null;
}

/** What documents and git's own advice write where a person's name belongs: `YOU`, `you@example.com`, `<name>`. */
const PLACEHOLDER_NAME =
  /^(?:<.*>|\.{3}|(?:you|who|your[-_. ]?(?:name|e?-?mail(?:[-_. ]address)?)|todo|tbd|x{3,})(?:@.*)?|(?:me|name|user|email|someone|somebody|approver|first\.last|name\.surname)@(?:example|domain|company)\.[a-z]+)$/i;

/** Returns the same text for two spellings of one name, so that a person counts once. */
export const personOf = (who: string): string => who.normalize('NFKC').toLowerCase();

/**
 * The file in plans/<id>/approvals/ for this person, e.g. `kim-example-com-1f0c9a52be77.json`. One file per person, so a
 * later approval or rejection replaces an earlier one. The digits are a hash of the name: names that become equal when
 * their special characters are replaced get different files.
 */
export function fileNameFor(who: string): string {
  const person = personOf(who);
  const safe = person
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-|-$/g, '');
  return `${safe || 'approver'}-${sha256(person).slice(0, 12)}.json`;
}
