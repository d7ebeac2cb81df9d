import yargs from 'yargs';

/** The option by which the scripts ask the program for completions. yargs sets its name. */
export const COMPLETION_FLAG = '--get-yargs-completions';

export type Shell = 'bash' | 'zsh' | 'fish';

const PROGRAMS = ['sailplan', 'sync_wagtail_to_saleor'];

/** The script that makes a shell complete both programs. */
export const shellScript = (shell: Shell): string =>
  PROGRAMS.map((program) => (shell === 'fish' ? fishScript(program) : yargsScript(program, shell))).join(
    '\n',
  );

/**
 * yargs' own script. It takes the shell from SHELL, which is the login shell and may be another one, so the script sets it for
 * each call.
 */
function yargsScript(program: string, shell: Shell): string {
  const before = process.env['SHELL'];
  process.env['SHELL'] = shell;
  try {
    let script = '';
    const parser = yargs().command('$0', false, {}, () => {
      parser.showCompletionScript(program, `completion ${shell}`);
    });
    parser.parse([], (_error: unknown, _values: unknown, text: string) => {
      script = text;
    });
    return script.replaceAll(`${program} ${COMPLETION_FLAG}`, `SHELL=${shell} ${program} ${COMPLETION_FLAG}`);
  } finally {
    if (before === undefined) delete process.env['SHELL'];
    else process.env['SHELL'] = before;
  }
}

/** yargs' script for fish drops the word that is being typed when it is empty, and never offers files. */
const fishScript = (program: string): string => `# ${program} completion for fish
function __${program}_offers
    set -g __${program}_offered (SHELL=fish ${program} ${COMPLETION_FLAG} (commandline -opc) (commandline -ct) | string match -v '')
    test (count $__${program}_offered) -gt 0
end
complete -c ${program} -n __${program}_offers -f -a '$__${program}_offered'`;
