/** What every object has. */
export interface Metadata {
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number;
  readonly creationTimestamp: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly finalizers?: readonly string[];
}

/** The object that another belongs to. */
export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** An object of Kubernetes. */
export interface KubeObject<Spec = unknown, Status = unknown> {
  readonly metadata: Metadata;
  readonly spec: Spec;
  readonly status: Status;
}

/** What is said of an object that is yet to be made. */
export interface NewObject<T extends KubeObject> {
  readonly metadata: Pick<Metadata, 'name' | 'labels' | 'annotations' | 'ownerReferences' | 'finalizers'>;
  readonly spec: T['spec'];
  readonly status: T['status'];
}

/** The label that says which workspace an object belongs to. */
export const WORKSPACE_LABEL = 'kubesphere.io/workspace';
/** The annotation with the display name. */
export const ALIAS_ANNOTATION = 'kubesphere.io/alias-name';
/** The annotation with the description. */
export const DESCRIPTION_ANNOTATION = 'kubesphere.io/description';
/** The annotation with the name of who made the object. */
export const CREATOR_ANNOTATION = 'kubesphere.io/creator';
/** The workspace whose repositories everybody sees. */
export const SYSTEM_WORKSPACE = 'system-workspace';

/** The workspace of an object; empty if it is in none. */
export function workspaceOf({ metadata }: KubeObject): string {
  return metadata.labels?.[WORKSPACE_LABEL] ?? '';
}

/** A time as Kubernetes writes it: whole seconds. */
export function timestamp(at = new Date()): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}

/** At most so many bytes of a text; a character that is cut apart comes back as the one for broken ones. */
export function shorten(text: string, bytes: number): string {
  const whole = Buffer.from(text);
  return whole.length <= bytes ? text : whole.subarray(0, bytes).toString('utf8');
}
