import type { Options } from '../../diff/model.ts';

/** The flags that decided what is planned, in the words of the command line; without those that are off. */
export function flagsOf(options: Options): readonly string[] {
  const flag = (isOn: boolean, text: string) => (isOn ? [text] : []);
  const { limit, only_slugs, exclude } = options;
  return [
    ...flag(options.create_missing, '--create-missing'),
    ...flag(options.strict, '--strict'),
    ...flag(options.sync_attributes, '--sync-attributes'),
    ...flag(options.create_attributes, '--create-attributes'),
    ...flag(!options.sync_products, '(no products)'),
    ...flag(options.adopt, '--adopt'),
    ...flag(options.prune_values, '--prune-values'),
    ...flag(options.prune_used, '--prune-used'),
    ...flag(limit !== null, `--limit ${limit}`),
    ...flag(only_slugs !== null, `--only-slugs ${only_slugs?.join(',')}`),
    ...flag(exclude.length > 0, `--exclude (${exclude.length})`),
  ];
}
