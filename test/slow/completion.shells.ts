// `make test-shells`: what a real zsh, a real fish and real readers of manuals make of the generated scripts and pages.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, expect, jest, test } from '@jest/globals';
import { OFFERS, prepareCompletion, withPrograms } from '../support/completion-offers.ts';
import { createWorkspace, removeWorkspaces, type Workspace } from '../support/workspace.ts';

jest.setTimeout(120_000);
afterAll(removeWorkspaces);

async function opened(shell: string): Promise<Workspace> {
  const at = createWorkspace();
  await prepareCompletion(at, shell);
  return at;
}

test('fish offers what bash offers', async () => {
  const at = await opened('fish');
  for (const [line, expected] of OFFERS) {
    const { stdout, stderr } = await withPrograms(
      at,
      `fish --no-config -c 'source completion.fish; complete -C "${line}"'`,
    );
    expect(stderr).toBe('');
    const offered = stdout
      .split('\n')
      .map((row) => row.split('\t')[0])
      .filter((word) => word !== '');
    expect([line, offered.sort()]).toEqual([line, [...expected].sort()]);
  }
});

/** Types the lines of lines.txt into an interactive zsh, presses Tab after each, and writes what then stands there. */
const DRIVER = `zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z 'PS1= PROMPT= RPROMPT=; unsetopt zle_bracketed_paste; autoload -Uz compinit; compinit -u -D; source ./completion.zsh'
zpty -w z 'keep() { print -r -- "$BUFFER|" >> kept.txt; BUFFER= }; zle -N keep; bindkey "^X" keep; bindkey "^I" complete-word; setopt no_beep no_list_beep; LISTMAX=0'
zpty -w z 'print REA''DY'
zpty -r z out '*READY*'
count=0
while IFS= read -r line; do
  zpty -w -n z "$line"$'\\t\\x18'
  ((count++))
  for i in {1..100}; do
    [[ -f kept.txt ]] && (( $(wc -l < kept.txt) >= count )) && break
    sleep 0.05
  done
done < lines.txt
zpty -d z
`;

const common = (words: readonly string[]): string =>
  words.reduce((prefix, word) => {
    let length = 0;
    while (length < prefix.length && prefix[length] === word[length]) length += 1;
    return prefix.slice(0, length);
  });

test('zsh completes to what bash offers, with Tab in an interactive shell', async () => {
  const at = await opened('zsh');
  at.write('driver.zsh', DRIVER);
  at.write('lines.txt', OFFERS.map(([line]) => `${line}\n`).join(''));
  const { stderr } = await withPrograms(at, 'TERM=dumb zsh -f driver.zsh');
  expect(stderr).toBe('');
  const kept = at.read('kept.txt').split('\n').slice(0, -1);
  const wanted = OFFERS.map(([line, offered]) => {
    const start = line.slice(0, line.lastIndexOf(' ') + 1);
    return `${start}${common(offered)}${offered.length === 1 ? ' ' : ''}|`;
  });
  expect(kept).toEqual(wanted);
});

test('shellcheck, zsh -n and fish -n find nothing wrong with the scripts', async () => {
  const checks = [
    ['bash', 'shellcheck completion.bash'],
    ['zsh', 'zsh -n completion.zsh'],
    ['fish', 'fish -n completion.fish'],
  ] as const;
  for (const [shell, check] of checks) {
    const at = await opened(shell);
    expect(await at.shell(check)).toEqual({ code: 0, stdout: '', stderr: '' });
  }
});

test('mandoc and groff find nothing wrong with the manuals, and man shows every command', async () => {
  const at = createWorkspace();
  for (const name of ['sailplan', 'sync_wagtail_to_saleor']) {
    const page = resolve('docs/man', `${name}.1`);
    expect(await at.shell(`mandoc -Tlint ${page}`)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect((await at.shell(`groff -ww -man -Tutf8 ${page} > /dev/null`)).stderr).toBe('');
  }
  const { stdout } = await at.shell(`MANWIDTH=100 man -l ${resolve('docs/man/sailplan.1')} | col -b`);
  for (const [, line] of readFileSync('docs/man/sailplan.1', 'utf8').matchAll(/^\.SS "sailplan (\w+)/gm))
    expect(stdout).toContain(`sailplan ${line}`);
});
