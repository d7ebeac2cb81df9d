import type { Spec, Takes } from './spec.ts';

export const fish = (
  specs: readonly Spec[],
): string => `# sailplan completion for fish: sailplan completion fish > ~/.config/fish/completions/sailplan.fish

# The ids of the plans; the folder is plans/, or what --out says on the line.
function __sailplan_plans
    set -l out plans
    set -l line (commandline -opc)
    set -l at (contains -i -- --out $line); and set out $line[(math $at + 1)]
    for path in $out/*/plan.json
        string match -r '^[0-9a-f]{16}$' (basename (dirname $path))
    end
end

function __sailplan_needs_command
    test (count (commandline -opc)) -eq 1
end

function __sailplan_is
    set -l line (commandline -opc)
    test (count $line) -gt 1; and test "$line[2]" = $argv[1]
end

complete -c sailplan -f
complete -c sync_wagtail_to_saleor -f
complete -c sailplan -n __sailplan_needs_command -l help -d ${quoted('list the commands')}
complete -c sailplan -n __sailplan_needs_command -l version -d ${quoted('print the version')}
${specs.flatMap(linesOf).join('\n')}
complete -c sailplan -n __sailplan_needs_command -a help -d ${quoted('show a command’s options')}
complete -c sailplan -n '__sailplan_is help' -a ${quoted(specs.map(({ name }) => name).join(' '))}`;

function linesOf(spec: Spec): readonly string[] {
  const { name, describe, words } = spec;
  const own = `complete -c sailplan -n '__sailplan_is ${name}'`;
  const offered = words.map(offerOf).filter((offer, index, all) => all.indexOf(offer) === index);
  return [
    `complete -c sailplan -n __sailplan_needs_command -a ${name} -d ${quoted(describe)}`,
    ...offered.map((offer) => `${own} ${offer}`),
    ...flagsOf(spec, own),
    ...(name === 'sync' ? flagsOf(spec, 'complete -c sync_wagtail_to_saleor') : []),
  ];
}

const flagsOf = ({ flags }: Spec, start: string): readonly string[] =>
  flags.map(({ name, describe, takes }) => {
    const value = takes === null ? '' : ` -r ${takes === 'text' ? '-f' : offerOf(takes)}`;
    return `${start} -l ${name.slice(2)}${value} -d ${quoted(describe)}`;
  });

function offerOf(takes: Takes): string {
  if (takes === 'plan') return "-F -a '(__sailplan_plans)'";
  if (takes === 'path') return '-F';
  return takes === 'text' ? '-f' : `-f -a ${quoted(takes.join(' '))}`;
}

const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;
