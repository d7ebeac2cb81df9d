/** Something about one place of a contract. */
export interface ContractFinding {
  readonly severity: 'error' | 'warning' | 'note';
  /** Place in a contract, such as `attributes[3].source`; '' is the whole contract. */
  readonly place: string;
  readonly message: string;
  /** What to do, or ''. */
  readonly fix: string;
}

export const contractError = (place: string, message: string, fix: string): ContractFinding => ({
  severity: 'error',
  place,
  message,
  fix,
});
export const contractWarning = (place: string, message: string, fix: string): ContractFinding => ({
  severity: 'warning',
  place,
  message,
  fix,
});
