/** A module, and the values and types that generated files may import from it. */
export interface Module {
  readonly from: string;
  readonly names: readonly string[];
  readonly types: readonly string[];
}

/** The module that says where the executable is; with a dot, which no file of a class has. */
export const packageFile = 'provider.package';

const modules: readonly Module[] = [
  {
    from: 'cdktf',
    names: ['ComplexList', 'ComplexMap', 'ComplexObject', 'Fn', 'Token'],
    types: ['IResolvable', 'TerraformMetaArguments'],
  },
  { from: 'constructs', names: [], types: ['Construct'] },
  { from: '../../base/action', names: ['Action'], types: ['ActionMetaArguments'] },
  { from: '../../base/attribute', names: [], types: ['AttributeSpec', 'TypeSpec'] },
  { from: '../../base/client-config', names: ['clientConfigOf'], types: ['ClientConfigOptions'] },
  { from: '../../base/data-source', names: ['DataSource'], types: [] },
  { from: '../../base/ephemeral-resource', names: ['EphemeralResource'], types: ['EphemeralMetaArguments'] },
  { from: '../../base/provider-function', names: ['providerFunction'], types: [] },
  { from: '../../base/resource', names: ['Resource'], types: [] },
  { from: '../../provider/bundled-provider', names: ['BundledProvider'], types: ['BundledProviderConfig'] },
  { from: '../../provider/provider-package', names: ['generatorMetadata'], types: [] },
  { from: `./${packageFile}`, names: ['providerPackage'], types: [] },
];

/** Names that generated files import; a class or type of such a name would stand in their way. */
export const importedNames: readonly string[] = modules.flatMap(({ names, types }) => [...names, ...types]);

/** Imports what the text uses, and no more. */
export function importsFor(body: string, from: readonly Module[]): string {
  const code = body.replace(/\/\*\*[\s\S]*?\*\/|'[^'\n]*'/g, '');
  const used = (name: string): boolean => new RegExp(`(?<!\\w|[^.]\\.)${name}\\b`).test(code);
  return from
    .flatMap(({ from, names, types }) => {
      const values = names.filter(used);
      const typesUsed = types.filter(used);
      if (values.length + typesUsed.length === 0) return [];
      if (values.length === 0) return [`import type { ${typesUsed.join(', ')} } from '${from}';`];
      return [`import { ${[...values, ...typesUsed.map((type) => `type ${type}`)].join(', ')} } from '${from}';`];
    })
    .join('\n');
}

/** The modules, with all that are files of the source tree as one where the base classes come from a package. */
export function placed(base: string | undefined): readonly Module[] {
  if (base === undefined) return modules;
  const inside = modules.filter(({ from }) => from.startsWith('../'));
  const one = { from: base, names: inside.flatMap(({ names }) => names), types: inside.flatMap(({ types }) => types) };
  return [...modules.filter((module) => !inside.includes(module)), one];
}
