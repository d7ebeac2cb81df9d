/** What git says of a repository, by a name for the question. It must not change while these are in use. */
export type SharedHistory = Map<string, Promise<unknown>>;

/** Asks git, or takes what was asked under this name before. `history` null: nothing is kept. */
export function askOnce<T>(history: SharedHistory | null, name: string, ask: () => Promise<T>): Promise<T> {
  const known = history?.get(name) ?? ask();
  history?.set(name, known);
  return known as Promise<T>;
}
