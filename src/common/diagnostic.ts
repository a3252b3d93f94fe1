/** One step of an attribute path: an attribute's name, an index of a list, the key of a map, or any element of a set. */
export type PathStep = string | number | { readonly key: string } | typeof ELEMENT;

/** The step to an element of a set, which has neither index nor key. */
export const ELEMENT = { element: true } as const;

/** The path of something in a configuration, from the root of the resource. */
export type AttributePath = readonly PathStep[];

/** The full name of an attribute, as written in an expression, e.g. `settings.proxy.url`, `members[1]` or `rules[*].path`. */
export function attributeName(path: AttributePath): string {
  return path.map(stepName).join('').replace(/^\./, '');
}

function stepName(step: PathStep): string {
  if (typeof step === 'string') return `.${step}`;
  if (typeof step === 'number') return `[${step}]`;
  return 'key' in step ? `[${JSON.stringify(step.key)}]` : '[*]';
}

/** A problem as reported to the user. */
export interface Diagnostic {
  /** An error stops the operation, a warning does not. */
  readonly severity: 'error' | 'warning';
  /** A short line in Title Case. */
  readonly summary: string;
  /** What is wrong, the value given, what is allowed, and what to do. */
  readonly detail: string;
  /** The attribute it is about; none when it is about the whole block. */
  readonly path?: AttributePath;
}

/** Makes an error diagnostic. */
export function error(summary: string, detail: string, path?: AttributePath): Diagnostic {
  return { severity: 'error', summary, detail, ...(path && { path }) };
}

/** Makes a warning diagnostic. */
export function warning(summary: string, detail: string, path?: AttributePath): Diagnostic {
  return { severity: 'warning', summary, detail, ...(path && { path }) };
}
