import type { Option } from './types.ts';

/** By the name of the option. */
const VALUES: Readonly<Record<string, string>> = {
  desired: 'SRC',
  out: 'PATH',
  actual: 'FILE',
  config: 'FILE',
  contract: 'FILE',
  policy: 'FILE',
  signers: 'FILE',
  'report-path': 'FILE',
  'capability-registry': 'SRC',
  'control-plane': 'SRC',
  'header-env': 'NAME=VAR',
  'only-slugs': 'A,B,…',
  exclude: 'REF,…',
  'wagtail-url': 'URL',
  'media-base-url': 'URL',
  target: 'NAME',
  'plan-id': 'ID',
  'force-unlock': 'ID',
  head: 'HASH',
  as: 'WHO',
  accept: 'CODE,…',
  'fail-on': 'CODE,…',
  'fail-on-skipped': 'N%',
  sign: 'KEY',
  expires: 'SPAN',
  base: 'PLAN',
  since: 'PATH',
  format: 'FORMAT',
  'on-conflict': 'stop|skip',
  site: 'HOST',
};

/** Placeholder for the value in help and manuals; '' for a switch. */
export function placeholder(name: string, { type, value }: Option): string {
  if (type === 'switch') return '';
  return value ?? VALUES[name] ?? (type === 'count' ? 'N' : type === 'seconds' ? 'SECONDS' : 'TEXT');
}

/** The option as a person writes it: `--limit N`, `--no-mark`. */
export const written = (name: string, option: Option): string =>
  option.bare === undefined
    ? [`--${option.isOn ? 'no-' : ''}${name}`, placeholder(name, option)].join(' ').trim()
    : `--${name}[=${placeholder(name, option)}]`;

/** What the option does, with its choices. */
export function meaning(name: string, option: Option): string {
  const text = option.isOn ? `do not ${option.describe}` : option.describe;
  const isNamed = placeholder(name, option).includes('|');
  return option.choices === undefined || isNamed ? text : `${text}: ${option.choices.join(', ')}`;
}
