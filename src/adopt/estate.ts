import type { Compiled } from '../handler/compiled';
import type { Listing } from '../handler/listing';
import { isListable } from '../handler/listing';
import type { ProviderHandler } from '../handler/provider-handler';
import type { ResourceDefinition } from '../schema/define/definition';
import type { ProviderDefinition } from '../schema/define/provider';
import { configurationOf } from '../schema/api/configuration';
import type { Value, ValueRecord } from '../common/value';

/** An object on the server that can be managed, with the configuration that imports it without a change. */
export interface FoundObject {
  readonly type: string;
  readonly compiled: Compiled<ResourceDefinition>;
  /** The import id. */
  readonly id: string;
  /** The values of its key, in the definition's order. */
  readonly key: readonly string[];
  readonly values: ValueRecord;
  readonly config: ValueRecord;
}

/** What is not adopted, and why. */
export interface LeftOut {
  /** The type, or the type and the id of an object. */
  readonly what: string;
  readonly why: string;
}

/** What a server has. */
export interface Estate {
  readonly objects: readonly FoundObject[];
  readonly leftOut: readonly LeftOut[];
  /** Types whose lists lack fields, so that each object was read by itself. */
  readonly readSingly: readonly string[];
}

/** Which objects are adopted. */
export interface Selection {
  /** Types to adopt, as globs. @default all */
  readonly types: readonly string[];
  /** Ids to adopt, as globs. @default all */
  readonly include: readonly string[];
  /** Ids to leave out, as globs. @default none */
  readonly exclude: readonly string[];
  /** Whether to ask for lists too that make the server write something. */
  readonly readsThatWrite: boolean;
}

/** Where an estate comes from. */
export interface Source {
  readonly provider: ProviderDefinition;
  readonly handler: ProviderHandler;
  readonly listing: Listing;
  /** Told after each type. */
  progress(type: string, count: number): void;
}

/** Reads what a server has, type by type. */
export async function readEstate(source: Source, selection: Selection): Promise<Estate> {
  const objects: FoundObject[] = [];
  const leftOut: LeftOut[] = [];
  const singly = new Set<string>();
  const artifacts = new Set(source.provider.resources.flatMap(({ deleteGuard }) => deleteGuard?.childType ?? []));
  const wanted = selection.types.map(globOf);
  for (const definition of source.provider.resources) {
    const { type, binding } = definition;
    if (wanted.length > 0 && !wanted.some((glob) => glob.test(type))) continue;
    if (artifacts.has(type) || !isListable(definition, selection.readsThatWrite)) {
      leftOut.push({ what: type, why: artifacts.has(type) ? artifactsStay : (binding.list?.writes ?? noList) });
      continue;
    }
    const before = objects.length;
    if (binding.list?.omits !== undefined)
      leftOut.push({ what: type, why: `the server's lists omit ${binding.list.omits}; add those by hand, with importFrom` });
    for (const listed of await source.listing.objects(type)) {
      if (!isSelected(listed.id, selection)) continue;
      const found = 'problem' in listed ? listed.problem.detail : await describe(source, listed);
      if (typeof found === 'string') leftOut.push({ what: `${type} ${JSON.stringify(listed.id)}`, why: found });
      else objects.push(found);
      if ('single' in listed && listed.single) singly.add(type);
    }
    source.progress(type, objects.length - before);
  }
  return { objects, leftOut, readSingly: [...singly] };
}

const artifactsStay = 'its objects are artifacts, which stay where they are';
const noList = 'the server cannot list its objects; add those that you need by hand, with importFrom';

async function describe({ handler }: Source, listed: { type: string; id: string; values: ValueRecord }): Promise<FoundObject | string> {
  const { type, id, values } = listed;
  const compiled = handler.compiled(type);
  const config = configurationOf(compiled.fields, values);
  const { diagnostics } = await handler.validateResource({ type, config });
  const problem = diagnostics.find(({ severity }) => severity === 'error');
  if (problem) return `it cannot be expressed: ${problem.detail}`;
  return { type, id, values, config, compiled, key: compiled.key.map((name) => textOf(values[name])) };
}

const textOf = (value: Value | undefined): string => (typeof value === 'string' ? value : '');

function isSelected(id: string, { include, exclude }: Selection): boolean {
  const matches = (globs: readonly string[]): boolean => globs.some((glob) => globOf(glob).test(id));
  return (include.length === 0 || matches(include)) && !matches(exclude);
}

/** A glob in which `*` stands for any text and `?` for any character. */
export const globOf = (glob: string): RegExp =>
  new RegExp(
    `^${glob
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    's',
  );
