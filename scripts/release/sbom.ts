import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
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
  const missing = [...bundled].filter((name) => !byName.has(name));
  if (missing.length > 0) throw new Error(`package-lock.json does not have ${missing.join(', ')}, which the bundles contain; run npm ci`);
  const components = [...bundled].flatMap((name) => byName.get(name) ?? []).map(shipped);
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

/** A component without the remark that it is for development only: in a bundle, it is shipped. */
function shipped(component: Component): Component {
  return { ...component, properties: (component.properties ?? []).filter(({ name }) => name !== 'cdx:npm:package:development') };
}
