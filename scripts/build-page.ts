import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Declarable } from '../src/page/declare';
import { resourceClass } from '../src/schema/derive/construct/names';
import { fieldsOf, type Field } from '../src/schema/define/shape';
import type { ProviderDefinition, ResourceDefinition } from '../src/schema/define';

const root = join(__dirname, '..');
const source = join(root, 'src/page');

/** Bundles the page of the registry, `dist/page`, with what the definitions say of declaring what it shows. Answers the files that went in. */
export async function buildPage(outdir = join(root, 'dist/page')): Promise<string[]> {
  const { providers } = await import('../src/resources');
  const declarations = providers.flatMap((provider) => provider.resources.filter(isShown).map((one) => declarableOf(provider, one)));
  rmSync(outdir, { recursive: true, force: true });
  mkdirSync(outdir, { recursive: true });
  const { metafile } = await build({
    entryPoints: ['main.ts', 'page.css'].map((file) => ({ in: join(source, file), out: 'page' })),
    outdir,
    bundle: true,
    format: 'iife',
    target: ['es2022', 'chrome110', 'firefox115', 'safari16.4'],
    minify: true,
    legalComments: 'none',
    define: { DECLARATIONS: JSON.stringify(declarations) },
    metafile: true,
    logLevel: 'warning',
  });
  for (const name of ['index.html', 'icon.svg']) copyFileSync(join(source, name), join(outdir, name));
  return Object.keys(metafile.inputs);
}

/** Repositories, and what they are in. */
const isShown = ({ clients, type }: ResourceDefinition): boolean =>
  clients !== undefined || type === 'bkrepo_project' || type === 'kubesphere_app_repository' || /^bkrepo_.*repository$/.test(type);

function declarableOf({ name: provider }: ProviderDefinition, { type, attributes, apiCase, clients }: ResourceDefinition): Declarable {
  const fields = fieldsOf(attributes, apiCase);
  const secrets = fields
    .filter(({ facts, required, optional }) => facts.writeOnly && (required || optional))
    .map(({ key, facts }) => ({ attribute: key, requires: (facts.requires ?? []).map((one) => snake(fields, one)) }))
    .filter(({ requires }) => requires.length > 0);
  return { type, provider, className: resourceClass(provider, type), fields: fields.map(plain), secrets, ...(clients && { clients }) };
}

const snake = (fields: readonly Field[], key: string): string => fields.find((field) => field.key === key)?.name ?? key;

/** A field as data: without prose and functions, and of shapes without what checks values. */
function plain({ key, name, api, shape, facts, required, optional, computed, default: unset }: Field): Field {
  const { writeOnly, sensitive, notReturned, volatile } = facts;
  const field = {
    key,
    name,
    api,
    shape: plainShape(shape),
    facts: { writeOnly, sensitive, notReturned, volatile },
    required,
    optional,
    computed,
  };
  return { ...field, default: unset } as Field;
}

function plainShape(shape: Field['shape']): Field['shape'] {
  if (shape.kind === 'object') return { kind: 'object', fields: shape.fields.map(plain) };
  if (!('element' in shape)) return shape;
  const { elementType: _checks, ...rest } = shape;
  return { ...rest, element: plainShape(shape.element) } as Field['shape'];
}
