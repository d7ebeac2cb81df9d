import { isUrl } from '../../app/options.ts';
import { Failure } from '../../core/failure.ts';

/** Parameters of an export's address that are no secret. */
const HARMLESS = /^(format|lang|language|locale|page|page_type|site|type|v|version)$/i;

/**
 * Refuses an address with something in it that may be a secret: init writes the address into a file that is committed. The
 * address itself is not shown. Throws a Failure (usage).
 */
export function assertNoSecretIn(address: string): void {
  if (!isUrl(address) || !URL.canParse(address)) return;
  const url = new URL(address);
  if (url.username !== '' || url.password !== '')
    throw refused(
      'contains a user name or password',
      'Basic …, in a variable that --header-env Authorization=NAME names',
    );
  const suspects = [...new Set(url.searchParams.keys())].filter((name) => !HARMLESS.test(name));
  if (suspects.length > 0)
    throw refused(
      `has ${suspects.length === 1 ? 'a parameter' : 'parameters'} that may be a secret (${suspects.join(', ')})`,
      'for example "Token …", in WAGTAIL_TOKEN, or in a variable that --header-env NAME=VARIABLE names',
    );
  if (url.hash !== '') throw refused('has a part after #, which is never sent', 'in WAGTAIL_TOKEN');
}

const refused = (what: string, how: string): Failure =>
  new Failure(
    'usage',
    `the address of the source ${what}, and init writes it into sailplan.config.json, which is committed`,
    `Give the address without it, and the secret as a header: ${how}. A parameter that is not a secret can be added to the config by hand.`,
  );
