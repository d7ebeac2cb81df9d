import type { Flag, Spec, Takes } from './spec.ts';

export const zsh = (specs: readonly Spec[]): string => `#compdef sailplan sync_wagtail_to_saleor
# sailplan completion for zsh. In ~/.zshrc, after compinit: source <(sailplan completion zsh)

# The ids of the plans, and paths; the folder is plans/, or what --out says on the line.
_sailplan_plans() {
  setopt localoptions extendedglob nullglob
  local out=plans i
  for ((i = 1; i < $#words; i++)); do
    [[ $words[i] == --out ]] && out=$words[i+1]
  done
  local -a ids
  ids=($out/[0-9a-f](#c16)/plan.json(:h:t))
  compadd -a ids
  _files
}

_sailplan() {
  local curcontext=$curcontext context state line
  typeset -A opt_args
  if [[ $service == sync_wagtail_to_saleor ]]; then
    _sailplan_sync
    return
  fi
  _arguments -C '--help[list the commands]' '--version[print the version]' '1:command:->command' '*::argument:->argument'
  case $state in
    command)
      local -a commands
      commands=(
${specs.map(({ name, describe }) => `        ${quoted(`${name}:${describe}`)}`).join('\n')}
        ${quoted('help:show a command’s options')}
      )
      _describe command commands
      ;;
    argument)
      case $words[1] in
${specs.map(({ name }) => `        ${name}) _sailplan_${name} ;;`).join('\n')}
        help) _arguments ${quoted(`1:command:(${specs.map(({ name }) => name).join(' ')})`)} ;;
      esac
      ;;
  esac
}

${specs.map(functionOf).join('\n\n')}

if [[ $funcstack[1] == _sailplan ]]; then
  _sailplan "$@"
else
  compdef _sailplan sailplan sync_wagtail_to_saleor
fi`;

const functionOf = ({ name, flags, words }: Spec): string =>
  [
    `_sailplan_${name}() {`,
    '  _arguments \\',
    [...flags.map(flagOf), ...words.map((takes, index) => quoted(`${index + 1}: :${actionOf(takes)}`))]
      .map((line) => `    ${line}`)
      .join(' \\\n'),
    '}',
  ].join('\n');

const flagOf = ({ name, describe, takes }: Flag): string =>
  quoted(`${name}[${describe.replace(/[[\]:\\]/g, '\\$&')}]${takes === null ? '' : `: :${actionOf(takes)}`}`);

function actionOf(takes: Takes): string {
  if (takes === 'plan') return '_sailplan_plans';
  if (takes === 'path') return '_files';
  return takes === 'text' ? ' ' : `(${takes.join(' ')})`;
}

const quoted = (text: string): string => `'${text.replace(/'/g, "'\\''")}'`;
