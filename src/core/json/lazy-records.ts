/**
 * Returns the function that creates a record from a source. Its members behave like ordinary ones, also for JSON.stringify,
 * but each is computed at every access. For up to a hundred thousand records of which few members are read.
 */
export function createLazyRecords<S extends object, T extends object>(
  members: {
    readonly [K in keyof T]: (source: S) => T[K];
  },
): (source: S) => T {
  const getters = Object.entries(members).map(([name, compute]) => [
    name,
    { enumerable: true, get: Lazy.getter(compute as (source: S) => unknown) },
  ]);
  const properties = Object.fromEntries(getters) as PropertyDescriptorMap;
  return (source) => Object.defineProperties(new Lazy(source), properties) as T;
}

class Lazy<S> {
  readonly #source: S;

  constructor(source: S) {
    this.#source = source;
  }

  static getter<S>(compute: (source: S) => unknown) {
    return function (this: Lazy<S>): unknown {
      return compute(this.#source);
    };
  }
}
