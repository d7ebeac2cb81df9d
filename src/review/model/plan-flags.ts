import type { Options } from '../../diff/model.ts';

/** The flags that decided what is planned, as on the command line. Flags that are off are omitted. */
export function flagsOf(options: Options): readonly string[] {
  const flag = (isOn: boolean, text: string) => (isOn ? [text] : []);
  const { limit, only_slugs, exclude } = options;
  return [
    ...flag(options.create_missing, '--create-missing'),
    ...flag(options.strict, '--strict'),
    ...flag(options.sync_attributes, '--sync-attributes'),
    // Alone, --sync-attributes compares no products.
    ...flag(options.sync_attributes && options.sync_products, '--sync-products'),
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
