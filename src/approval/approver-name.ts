import { sha256 } from '../core/json/canonical-json.ts';
import { HIDDEN } from '../core/text/invisible-characters.ts';

/** C0 controls, surrogates that stand alone, and every blank but the space. */
const UNFIT = /[\u0000-\u001f]|\p{Surrogate}|[^\S ]/u;

/**
 * Why a text cannot name a person; null when it can. A name reads one way: no controls, nothing invisible, no blanks
 * around it, composed (NFC).
 */
export function nameError(who: string): string | null {
  const shown = JSON.stringify(who.slice(0, 60));
  if (who.length === 0 || who.length > 200) return `a name has 1 to 200 characters, not ${who.length}`;
  if (UNFIT.test(who) || who.search(HIDDEN) >= 0)
    return `the name ${shown} holds characters that cannot be seen`;
  if (who.trim() !== who || who.normalize('NFC') !== who)
    return `the name ${shown} has blanks around it or is not composed (NFC)`;
  return null;
}

/** Two spellings of one person count once. */
export const personOf = (who: string): string => who.normalize('NFKC').toLowerCase();

/**
 * The file in plans/<id>/approvals/ for what this person says: `kim-example-com-1f0c9a52be77.json`. One person has one
 * file, so a later word replaces an earlier one; the digits keep apart names that look alike once they are made safe.
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
