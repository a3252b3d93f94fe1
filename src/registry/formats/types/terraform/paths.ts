/** What a path of the registry and mirror protocols stands for. */
export type TerraformPath =
  | { readonly kind: 'discovery' }
  | { readonly kind: 'versions' }
  /** Where one version of a provider is, for one platform. */
  | { readonly kind: 'provider' }
  /** Where one version of a module is. */
  | { readonly kind: 'module' }
  /** What a network mirror has of one version. */
  | { readonly kind: 'mirror' }
  /** A file whose URL only another document has, and that document. */
  | { readonly kind: 'told'; readonly by: string; readonly file: string }
  | { readonly kind: 'other' };

const PROVIDER = /(?:^|\/)[^/]+\/[^/]+\/[^/]+\/download\/[^/]+\/[^/]+$/;
const MODULE = /(?:^|\/)[^/]+\/[^/]+\/[^/]+\/(?:[^/]+\/)?download$/;
const MIRROR = /(?:^|\/)[^/]+\/[^/]+\/[^/]+\/\d[^/]*\.json$/;
const TOLD = /^(.+\/(?:download(?:\/[^/]+\/[^/]+)?|\d[^/]*\.json))\/([^/]+)$/;

/** Reads a canonical path. */
export function readPath(path: string): TerraformPath {
  if (path === '.well-known/terraform.json') return { kind: 'discovery' };
  if (/(?:^|\/)versions$/.test(path)) return { kind: 'versions' };
  if (PROVIDER.test(path)) return { kind: 'provider' };
  if (MODULE.test(path)) return { kind: 'module' };
  if (MIRROR.test(path)) return { kind: 'mirror' };
  const [, by, file] = TOLD.exec(path) ?? [];
  if (by !== undefined && file !== undefined && ['provider', 'module', 'mirror'].includes(readPath(by).kind)) {
    return { kind: 'told', by, file };
  }
  return { kind: 'other' };
}
