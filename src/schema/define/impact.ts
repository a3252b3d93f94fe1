/**
 * What an attribute means to those who review a change of it; `repoform diff` says it in words. See decision 024.
 *
 * - `grants`: `true`, or each element, gives somebody access.
 * - `denies`: `true`, or each element, takes access away.
 * - `limits`: each element allows something, and without any everything is allowed.
 * - `order`: its elements are tried in their order.
 * - `upstream`: packages come from there.
 * - `credentials`: it is part of the credentials for something else. Attributes of `secret()` are that by themselves.
 * - `expires`: `true` lets the server remove files by itself.
 * - `bytes`: the size of the content that is gone with the object.
 */
export type Impact = 'grants' | 'denies' | 'limits' | 'order' | 'upstream' | 'credentials' | 'expires' | 'bytes' | Openness;

/** The values of an enumeration by how much they let through. */
export interface Openness {
  /** All values, the most open one first. */
  readonly mostOpenFirst: readonly string[];
  /** The value on the server when no resource manages it, for resources that a server always has. @default such a value means nothing */
  readonly unmanaged?: string;
}
