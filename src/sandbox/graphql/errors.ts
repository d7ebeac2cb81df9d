/** Makes the field null and adds an entry to the top-level `errors`. */
export class FieldError extends Error {
  readonly code: string;
  constructor(message: string, code = 'GraphQLError') {
    super(message);
    this.code = code;
  }
}

/** What Saleor answers when a resolver crashes: still HTTP 200 (docs/saleor.md#error-shapes). `exception`: its class in Python. */
export const crash = (exception: string): FieldError => new FieldError('Internal Server Error', exception);

/** Refuses by name what no recording shows. */
export const notInSandbox = (what: string): FieldError =>
  new FieldError(`not in the sandbox: ${what}`, 'NotInTheSandbox');

export const permissionDenied = (permissions: readonly string[]): FieldError =>
  new FieldError(
    `To access this path, you need one of the following permissions: ${permissions.join(', ')}`,
    'PermissionDenied',
  );

export interface InputProblem {
  readonly field: string | null;
  readonly code: string;
  readonly message: string;
  readonly attributes?: readonly string[];
}

/** Reported in the mutation's own `errors` list, with HTTP 200 and no top-level error. */
export class InputError extends Error {
  readonly problems: readonly InputProblem[];
  constructor(problems: readonly InputProblem[]) {
    super(problems.map((p) => p.message).join('; '));
    this.problems = problems;
  }
}

export const invalidInput = (
  field: string | null,
  code: string,
  message: string,
  attributes?: readonly string[],
): InputError => new InputError([{ field, code, message, ...(attributes ? { attributes } : {}) }]);
