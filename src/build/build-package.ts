import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { schemasOf } from '../handler/schemas';
import { encodeProviderSchema } from '../protocol/rpc/schemas';
import type { ProviderDefinition } from '../schema/define/provider';
import { docsPages } from '../schema/derive/to-docs';
import { checkTypes } from './check-types';
import { buildConstructs } from './constructs';
import { buildExecutable } from './executable';
import { languageModule } from './language';
import { bundleDefinition, loadDefinition } from './load';
import { type Place, placeOf } from './place';
import { schemaJson } from './schema-json';

/** What to build. */
export interface BuildRequest {
  /** The folder of the provider's package. */
  readonly folder: string;
  /** The file in it that exports the definition. */
  readonly entry: string;
  /** The folder with the code that serves providers. */
  readonly runtime: string;
}

/** What was built, by what it is, with paths below the folder. */
export interface Built {
  readonly name: string;
  readonly version: string;
  readonly source: string;
  readonly paths: Readonly<Record<'executable' | 'constructs' | 'docs' | 'schema', string>>;
}

/** Builds all of a provider that its users need: the executable, the constructs for both cores, the docs pages and the schema. */
export async function buildPackage({ folder, entry, runtime }: BuildRequest): Promise<Built> {
  const place = placeOf(folder, entry);
  checkTypes(place, join(runtime, '../index.d.ts'));
  const definition = await loadDefinition(place.entry, place.esbuild);
  const { name, version = place.version, source = `registry.terraform.io/${name}/${name}` } = definition;
  const schema = schemasOf(definition);
  const executable = `terraform-provider-${name}`;
  const file = join(folder, 'dist', executable);
  await buildExecutable(
    { build: place.esbuild.build, runtime, alias: aliases(runtime) },
    { file, module: place.entry, exported: 'default', schema: encodeProviderSchema(schema) },
  );
  const script = 'definition.cjs';
  writeText(join(folder, 'dist', script), await bundleDefinition(place.entry, place.esbuild));
  writeText(join(folder, 'dist/provider.json'), JSON.stringify({ name, version, source, executable, definition: script }, null, 2));
  writeText(join(folder, 'schema.json'), JSON.stringify(schemaJson(source, schema), null, 2));
  buildConstructs(place, definition, { version, source, executable });
  writeDocs(place, { ...definition, version, source });
  const paths = { executable: relative(folder, file), constructs: 'lib', docs: 'docs', schema: 'schema.json' };
  return { name, version, source, paths };
}

function writeDocs({ folder, name }: Place, definition: ProviderDefinition): void {
  const pages = docsPages({ ...definition, module: name });
  for (const room of ['resources', 'data-sources', 'ephemeral-resources', 'list-resources', 'actions', 'functions'])
    rmSync(join(folder, 'docs', room), { recursive: true, force: true });
  for (const [path, text] of pages) writeText(join(folder, 'docs', `${path}.md`), text);
}

function writeText(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text.endsWith('\n') ? text : `${text}\n`);
}

/** Where definitions, and the code that serves them, find what they import: of each there is one. */
const aliases = (runtime: string): Record<string, string> => ({
  [languageModule]: join(runtime, 'schema/define/index.js'),
  zod: join(runtime, 'packages/zod/index.js'),
  re2js: join(runtime, 'packages/re2js.js'),
});
