import type { Flag, Spec, Takes } from './spec.ts';

/** For bash 3.2 and later, which macOS still has: no mapfile, no compopt. */
export const bash = (
  specs: readonly Spec[],
): string => `# sailplan completion for bash. In ~/.bashrc: source <(sailplan completion bash)
# shellcheck shell=bash disable=SC2207

# The ids of the plans; the folder is plans/, or what --out says on the line.
_sailplan_plans() {
  local out=plans i path
  for ((i = 1; i < COMP_CWORD; i++)); do
    [[ \${COMP_WORDS[i]} == --out ]] && out=\${COMP_WORDS[i + 1]}
  done
  for path in "$out"/*/plan.json; do
    path=\${path%/plan.json}
    path=\${path##*/}
    [[ $path =~ ^[0-9a-f]{16}$ ]] && echo "$path"
  done
}

_sailplan_offer() {
  COMPREPLY=($(compgen -W "$1" -- "$2"))
}

_sailplan() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} first=1 command=\${COMP_WORDS[1]} i seen=0 skip=''
  # --format=html comes as three words.
  if [[ $word == "=" ]]; then
    word=''
  elif [[ $before == "=" ]]; then
    before=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  if [[ \${1##*/} == sync_wagtail_to_saleor ]]; then
    command=sync first=0
  elif ((COMP_CWORD == 1)) || [[ $command == help && $COMP_CWORD == 2 ]]; then
    _sailplan_offer "${[...specs.map(({ name }) => name), 'help'].join(' ')} --help --version" "$word"
    return
  fi
  case "$command $before" in
${specs.flatMap((spec) => optionCases(spec)).join('\n')}
  esac
  if [[ $word == -* ]]; then
    case $command in
${specs.map(({ name, flags }) => `      ${name}) _sailplan_offer "${flags.map((flag) => flag.name).join(' ')}" "$word" ;;`).join('\n')}
    esac
    return
  fi
  # Which word of the command this is: those that stand after an option with a value are none.
  for ((i = first + 1; i < COMP_CWORD; i++)); do
    if [[ -n $skip ]]; then
      skip=''
    elif [[ \${COMP_WORDS[i]} == -* ]]; then
      case "$command \${COMP_WORDS[i]}" in
        ${valued(specs)}) skip=1 ;;
      esac
    else
      ((seen++))
    fi
  done
  case "$command $seen" in
${specs.flatMap(wordCases).join('\n')}
  esac
}

# Where nothing is offered, readline offers files.
complete -o bashdefault -o default -F _sailplan sailplan sync_wagtail_to_saleor`;

function optionCases({ name, flags }: Spec): readonly string[] {
  return flags.flatMap(({ name: flag, takes }) => {
    const offer = takes === null || takes === 'text' || takes === 'path' ? 'return' : offerOf(takes);
    return takes === null
      ? []
      : [`    "${name} ${flag}") ${offer === 'return' ? 'return' : `${offer}; return`} ;;`];
  });
}

const offerOf = (takes: Takes): string =>
  takes === 'plan'
    ? '_sailplan_offer "$(_sailplan_plans)" "$word"'
    : `_sailplan_offer "${(takes as readonly string[]).join(' ')}" "$word"`;

const takesValue = ({ takes }: Flag): boolean => takes !== null;

const valued = (specs: readonly Spec[]): string =>
  specs
    .flatMap(({ name, flags }) => flags.filter(takesValue).map((flag) => `"${name} ${flag.name}"`))
    .join(' | ');

const wordCases = ({ name, words }: Spec): readonly string[] =>
  words.flatMap((takes, place) =>
    takes === 'text' || takes === 'path' ? [] : [`    "${name} ${place}") ${offerOf(takes)} ;;`],
  );
