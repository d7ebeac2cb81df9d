export interface Source {
  readonly path: string;
  readonly text: string;
}
export interface Import {
  readonly from: string;
  readonly target: string;
  readonly isType: boolean;
  readonly isLazy: boolean;
}
export const LAYERS: readonly (readonly string[])[];
export function sources(folder?: string): readonly Source[];
export function imports(files: readonly Source[]): readonly Import[];
export function wrongArrows(files: readonly Source[]): readonly string[];
export function cycles(files: readonly Source[]): readonly (readonly string[])[];
export function namesDeclaredTwice(files: readonly Source[]): ReadonlyMap<string, readonly string[]>;
