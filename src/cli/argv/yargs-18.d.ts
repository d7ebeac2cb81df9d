import 'yargs';

/** Of yargs 18, missing in @types/yargs 17. */
declare module 'yargs' {
  interface Argv<T> {
    usageConfiguration(configuration: { readonly 'hide-types'?: boolean }): Argv<T>;
    showCompletionScript($0: string, command: string): Argv<T>;
  }
}
