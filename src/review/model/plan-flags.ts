import type { Options } from '../../diff/model.ts';

/** The flags that decided what is planned, as one would type them; those that are off are not there. */
export function flagsOf(options: Options): readonly string[] {
  const flag = (isOn: boolean, name: string) => (isOn ? [name] : []);
  return [
    ...flag(options.create_missing, '--create-missing'),
    ...flag(options.strict, '--strict'),
    ...flag(options.sync_attributes, '--sync-attributes'),
    ...flag(options.create_attributes, '--create-attributes'),
    ...flag(!options.sync_products, '(no products)'),
    ...flag(options.adopt, '--adopt'),
    ...flag(options.prune_values, '--prune-values'),
    ...flag(options.prune_used, '--prune-used'),
    ...(options.limit === null ? [] : [`--limit ${options.limit}`]),
    ...(options.only_slugs === null ? [] : [`--only-slugs ${options.only_slugs.join(',')}`]),
    ...(options.exclude.length === 0 ? [] : [`--exclude (${options.exclude.length})`]),
  ];
}
