/** What any program needs to start; SystemRoot and PATHEXT on Windows. */
const ALWAYS = ['PATH', 'HOME', 'USER', 'LOGNAME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'PATHEXT'];

/**
 * The environment for a program that we start: the variables that it needs by name and no others, so that no token of ours
 * reaches it, nor what it starts in turn.
 */
export const keptVariables = (names: readonly string[]): NodeJS.ProcessEnv =>
  Object.fromEntries(
    [...ALWAYS, ...names].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
