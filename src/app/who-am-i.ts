import { userInfo } from 'node:os';

/** Name of the author: SAILPLAN_USER (the account name of a CI runner is meaningless), otherwise the account. */
export function whoAmI(env: Readonly<Record<string, string | undefined>>): string {
  const named = env['SAILPLAN_USER'];
  if (named !== undefined && named !== '') return named;
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}
