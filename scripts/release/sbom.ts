import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly hashes?: readonly unknown[];
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

interface Bom {
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

/**
 * The bill of materials of the published package, in CycloneDX. The package has no dependencies; what it contains of other packages is in its
 * bundles, whose notices name them. npm knows all packages of the lock file, with licences and digests; this keeps those of the bundles.
 */
export function sbomOf(root: string): Bom {
  const arguments_ = ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx', '--sbom-type', 'library'];
  const all = JSON.parse(execFileSync('npm', arguments_, { cwd: root, encoding: 'utf8', maxBuffer: 1e8 })) as Bom;
  const notices = readFileSync(join(root, 'dist/NOTICES.md'), 'utf8');
  const bundled = new Set([...notices.matchAll(/^## (\S+) (\S+) \(/gm)].map(([, name, version]) => `${name}@${version}`));
  const byName = new Map(all.components.map((component) => [`${component.name}@${component.version}`, component]));
  const digests = digestsIn(root);
  const missing = [...bundled].filter((name) => !byName.has(name));
  if (missing.length > 0) throw new Error(`package-lock.json does not have ${missing.join(', ')}, which the bundles contain; run npm ci`);
  const components = [...bundled].flatMap((name) => byName.get(name) ?? []).map((component) => shipped(component, digests));
  const refs = new Set(components.map((component) => component['bom-ref']));
  const { name } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly name: string };
  // npm names the component after the folder.
  const component = { ...all.metadata.component, name };
  return {
    ...all,
    metadata: { ...all.metadata, component },
    components,
    dependencies: all.dependencies
      .filter(({ ref }) => refs.has(ref) || ref === component['bom-ref'])
      .map(({ ref, dependsOn }) => ({
        ref,
        dependsOn: ref === component['bom-ref'] ? [...refs] : dependsOn.filter((other) => refs.has(other)),
      })),
  };
}

interface LockFile {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly integrity?: string }>>;
}

/** The digests in the lock file, by name and version, in hexadecimal. */
function digestsIn(root: string): Map<string, string> {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as LockFile;
  const entries = Object.entries(packages).flatMap(([path, { version, integrity }]) => {
    const digest = /^sha512-(\S+)$/.exec(integrity ?? '')?.[1];
    const name = path.replace(/^.*node_modules\//, '');
    return digest === undefined ? [] : [[`${name}@${version}`, Buffer.from(digest, 'base64').toString('hex')] as const];
  });
  return new Map(entries);
}

/**
 * A component as it is shipped: in a bundle, it is not for development. npm describes one copy of each package, maybe one that came inside
 * another package, which has no digest.
 */
function shipped(component: Component, digests: ReadonlyMap<string, string>): Component {
  const content = digests.get(`${component.name}@${component.version}`);
  return {
    ...component,
    properties: (component.properties ?? []).filter(({ name }) => !/^cdx:npm:package:(?:development|bundled)$/.test(name)),
    ...(content !== undefined && { hashes: [{ alg: 'SHA-512', content }] }),
  };
}
