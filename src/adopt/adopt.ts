import type { CrawlMemory } from '../handler/listing';
import type { ProviderHandler } from '../handler/provider-handler';
import type { ProviderDefinition } from '../schema/define/provider';
import { type Unmoved, unmovedFiles } from './copy/unmoved';
import { type Estate, type FoundObject, type LeftOut, readEstate, type Selection } from './estate';
import { groupsOf, type Item, type Split, usualSplit } from './groups';
import { hclFiles } from './hcl';
import { managedIn, type SynthesizedStack } from './managed';
import { References } from './references';
import { projectFiles } from './project';
import { addedFiles, type Use } from './typescript/added';
import { appFiles, type Core } from './typescript/app';

/** What to adopt, and how to write it. */
export interface Request {
  readonly provider: ProviderDefinition;
  /** Configured. */
  readonly handler: ProviderHandler;
  readonly selection: Selection;
  /** @default the one that suits the estate */
  readonly split?: Split | undefined;
  /** The language; `hcl` needs no core. */
  readonly format: 'typescript' | 'hcl';
  readonly core: Core;
  /** The npm packages that the app depends on for its constructs. */
  readonly dependencies: Readonly<Record<string, string>>;
  /** The option of `repoform provider install` that names the provider; empty for one of ours. */
  readonly installOption: string;
  readonly stack: string;
  /** The app that manages some of it already. @default none: a new one is written */
  readonly existing?: Existing;
  readonly endpoint: { readonly variable: string; readonly url: string };
  /** Keeps what is read, for the case that the server is no longer reached. @default nothing is kept */
  readonly memory?: CrawlMemory;
  /** The server at which the app creates the objects. @default it imports them where they are */
  readonly moveTo?: string | undefined;
  /** Told after each type. */
  progress(type: string, count: number): void;
}

/** An app that manages some of what a server has. */
export interface Existing {
  readonly stacks: readonly SynthesizedStack[];
  /** The names of the files in its folder. */
  readonly files: readonly string[];
  /** Whether its `secrets.ts` exports `secret`. */
  readonly hasSecret: boolean;
}

/** What was found, and the app that manages it. */
export interface Adoption {
  /** Objects that the existing app manages. */
  readonly managed: number;
  /** The lines that use the new files, for an existing app. */
  readonly use?: Use;
  readonly files: ReadonlyMap<string, string>;
  readonly adopted: number;
  readonly leftOut: readonly LeftOut[];
  /** How many objects the selection leaves out. */
  readonly unwanted: number;
  readonly secrets: readonly string[];
  /** Types whose objects had to be read one by one. */
  readonly readSingly: readonly string[];
  /** The files that stay on the server, by object, if the app creates its objects at another one. */
  readonly unmoved: readonly Unmoved[];
}

/** Reads a server and writes the app. Writes neither to the server nor to the disk. */
export async function adopt(request: Request): Promise<Adoption> {
  const { provider, handler, selection } = request;
  const listing = handler.listing(request.memory);
  const estate = await readEstate({ provider, handler, listing, progress: request.progress.bind(request) }, selection);
  const { readSingly, unwanted } = estate;
  const isMove = request.moveTo !== undefined;
  const files = isMove ? await unmovedFiles(handler.contents(), estate.objects) : { unmoved: [], leftOut: [] };
  const { unmoved } = files;
  const leftOut = [...estate.leftOut, ...files.leftOut];
  if (request.existing) return { ...added(request, { ...estate, leftOut }, request.existing), readSingly, unwanted, unmoved };
  const items = itemsOf(estate.objects);
  const groups = groupsOf(items, request.split ?? usualSplit(items));
  const endpoint = { ...request.endpoint, url: request.moveTo ?? request.endpoint.url };
  const source = { ...request, endpoint, groups, imports: !isMove };
  const { files: sources, secrets } = request.format === 'hcl' ? hclFiles(source) : appFiles({ ...source, provider: provider.name });
  const move = isMove ? { from: request.endpoint.url, unmoved } : undefined;
  const project = projectFiles({ ...source, secrets, leftOut, count: estate.objects.length, ...(move && { move }) });
  const all = new Map([...sources, ...project]);
  return { files: all, adopted: estate.objects.length, managed: 0, leftOut, unwanted, secrets, readSingly, unmoved };
}

function added(request: Request, estate: Estate, existing: Existing): Omit<Adoption, 'readSingly' | 'unwanted' | 'unmoved'> {
  const { objects, doubtful } = managedIn(existing.stacks, estate.objects, {
    provider: request.provider.name,
    url: request.moveTo ?? request.endpoint.url,
  });
  const doubts = [...doubtful].map(([{ type, id }, address]) => ({
    what: `${type} ${JSON.stringify(id)}`,
    why: `${address}, whose name only Terraform knows, may manage it; if it does not, leave that resource out for one run`,
    about: 'object' as const,
  }));
  const fresh = itemsOf(estate.objects.filter((object) => !objects.has(object) && !doubtful.has(object)));
  const common = { managed: objects.size, leftOut: [...estate.leftOut, ...doubts] };
  if (fresh.length === 0) return { ...common, files: new Map(), adopted: 0, secrets: [] };
  const variables = existing.stacks.flatMap(({ variable = {} }) => Object.keys(variable));
  const hasProvider = existing.stacks.some(({ provider = {} }) => request.provider.name in provider);
  const source = {
    ...{ ...request, provider: request.provider.name, imports: request.moveTo === undefined },
    endpoint: { ...request.endpoint, url: request.moveTo ?? request.endpoint.url },
  };
  const { files, secrets, use } = addedFiles(source, fresh, { ...existing, variables, hasProvider });
  return { ...common, files, adopted: fresh.length, secrets, use };
}

function itemsOf(objects: readonly FoundObject[]): readonly Item[] {
  const references = new References(objects);
  return objects.map((object): Item => ({ object, tree: references.treeOf(object) }));
}
