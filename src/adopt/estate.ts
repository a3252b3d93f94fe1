import type { Compiled } from '../handler/compiled';
import { isListable, type Listing } from '../handler/listing';
import type { ProviderHandler } from '../handler/provider-handler';
import { secretTexts } from '../handler/secrets';
import type { ResourceDefinition } from '../schema/define/definition';
import type { ProviderDefinition } from '../schema/define/provider';
import { configurationOf } from '../schema/api/configuration';
import { globOf } from '../common/glob';
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
  /** An object, a list that could not be read, a type whose lists are incomplete, or one that is never adopted. */
  readonly about: 'object' | 'list' | 'incomplete' | 'type';
}

/** Whether something that was wanted is missing, and not only something that no run adopts. */
export const isLost = ({ about }: LeftOut): boolean => about === 'object' || about === 'list';

/** What is said of types, with those that have the same reason in one line. */
export function leftOutByReason(all: readonly LeftOut[], about: 'incomplete' | 'type'): readonly Pick<LeftOut, 'what' | 'why'>[] {
  const types = new Map<string, string[]>();
  for (const one of all) if (one.about === about) types.set(one.why, [...(types.get(one.why) ?? []), one.what]);
  return [...types].map(([why, what]) => ({ what: what.join(', '), why }));
}

/** What a server has. */
export interface Estate {
  readonly objects: readonly FoundObject[];
  readonly leftOut: readonly LeftOut[];
  /** Types whose lists lack fields, so that each object was read by itself. */
  readonly readSingly: readonly string[];
  /** How many objects the selection leaves out. */
  readonly unwanted: number;
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

/** The server was not reached any more. What was read until then is in the memory of the listing. */
export class CutOff extends Error {}

/** Reads what a server has, type by type. Throws if the server cannot be read at all, and `CutOff` if it is no longer reached. */
export async function readEstate(source: Source, selection: Selection): Promise<Estate> {
  const objects: FoundObject[] = [];
  const leftOut: LeftOut[] = [];
  const singly = new Set<string>();
  let unwanted = 0;
  for (const { type, why } of standing(source.provider, selection)) {
    const isWanted = isAsked(source.provider, type, selection);
    if (why !== undefined) leftOut.push({ what: type, why, about: isWanted ? 'incomplete' : 'type' });
    if (!isWanted) continue;
    const before = objects.length;
    for (const listed of await source.listing.objects(type)) {
      if ('problem' in listed && listed.isCutOff) throw new CutOff(plain(listed.problem.detail));
      if (listed.id !== '' && !isSelected(listed.id, selection)) unwanted += 1;
      else {
        const found = 'problem' in listed ? listed.problem.detail : await describe(source, listed);
        if (typeof found !== 'string') objects.push(found);
        else if (listed.id === '') leftOut.push({ what: type, why: plain(found), about: 'list' });
        else leftOut.push({ what: `${type} ${JSON.stringify(listed.id)}`, why: plain(found), about: 'object' });
        if ('single' in listed && listed.single) singly.add(type);
      }
    }
    source.progress(type, objects.length - before);
  }
  return { objects, leftOut, readSingly: [...singly], unwanted };
}

/** A message of the provider as one line, without what is about Terraform's state. */
const plain = (detail: string): string =>
  detail
    .replace(/ ?The state is unchanged\.?/g, '')
    .replace(/\p{Cc}+/gu, ' ')
    .trim();

/** The types that are wanted, each with what is never adopted of it. */
function standing(
  provider: ProviderDefinition,
  selection: Selection,
): readonly { readonly type: string; readonly why: string | undefined }[] {
  const wanted = selection.types.map(globOf);
  return provider.resources
    .filter(({ type }) => wanted.length === 0 || wanted.some((glob) => glob.test(type)))
    .map(({ type, binding: { list } }) => {
      if (artifactsOf(provider).has(type)) return { type, why: 'its objects are artifacts, which stay where they are' };
      if (!list) return { type, why: 'the server cannot list its objects; import the ones you need by hand' };
      if (list.writes !== undefined && !selection.readsThatWrite) return { type, why: list.writes };
      const omitted = list.omits === undefined ? [] : [`the server's lists leave out ${list.omits}; import those by hand`];
      return { type, why: [...omitted, ...(list.except ? [list.except.why] : [])].join('; ') || undefined };
    });
}

function isAsked(provider: ProviderDefinition, type: string, { readsThatWrite }: Selection): boolean {
  const definition = provider.resources.find((one) => one.type === type);
  return definition !== undefined && !artifactsOf(provider).has(type) && isListable(definition, readsThatWrite);
}

const artifactsOf = ({ resources }: ProviderDefinition): ReadonlySet<string> =>
  new Set(resources.flatMap(({ deleteGuard }) => deleteGuard?.childType ?? []));

async function describe({ handler }: Source, listed: { type: string; id: string; values: ValueRecord }): Promise<FoundObject | string> {
  const { type, id, values } = listed;
  const compiled = handler.compiled(type);
  const config = configurationOf(compiled.fields, values);
  const { diagnostics } = await handler.validateResource({ type, config });
  const problem = diagnostics.find(({ severity }) => severity === 'error');
  if (problem) return `it cannot be expressed: ${problem.detail}`;
  if (secretTexts(compiled.fields, config).length > 0)
    return 'the server returns a secret of it, and code must not contain any; declare it by hand, with a variable, and import it';
  return { type, id, values, config, compiled, key: compiled.key.map((name) => textOf(values[name])) };
}

const textOf = (value: Value | undefined): string => (typeof value === 'string' ? value : '');

/** Whether an import id is selected. */
export function isSelected(id: string, { include, exclude }: Pick<Selection, 'include' | 'exclude'>): boolean {
  const matches = (globs: readonly string[]): boolean => globs.some((glob) => globOf(glob).test(id));
  return (include.length === 0 || matches(include)) && !matches(exclude);
}
