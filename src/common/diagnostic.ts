/** One step of an attribute path: an attribute's name, an index of a list, or the key of a map. */
export type PathStep = string | number | { readonly key: string };

/** Where in a configuration something is, from the resource's root inwards. Elements of a set have no step of their own. */
export type AttributePath = readonly PathStep[];

/** What the provider tells the user about one problem. */
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
