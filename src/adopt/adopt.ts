import type { CrawlMemory } from '../handler/listing';
import type { ProviderHandler } from '../handler/provider-handler';
import type { ProviderDefinition } from '../schema/define/provider';
import { type Estate, type FoundObject, type LeftOut, readEstate, type Selection } from './estate';
import { groupsOf, type Item, type Split, usualSplit } from './groups';
import { hclFiles } from './hcl';
import { managedIn, type SynthesizedStack } from './managed';
import { References } from './references';
import { projectFiles } from './project';
import { addedFiles } from './typescript/added';
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
  readonly use?: readonly string[];
  readonly files: ReadonlyMap<string, string>;
  readonly adopted: number;
  readonly leftOut: readonly LeftOut[];
  /** How many objects the selection leaves out. */
  readonly unwanted: number;
  readonly secrets: readonly string[];
  /** Types whose objects had to be read one by one. */
  readonly readSingly: readonly string[];
}

/** Reads a server and writes the app. Writes neither to the server nor to the disk. */
export async function adopt(request: Request): Promise<Adoption> {
  const { provider, handler, selection } = request;
  const source = { provider, handler, listing: handler.listing(request.memory), progress: request.progress.bind(request) };
  const estate = await readEstate(source, selection);
  const { leftOut, readSingly, unwanted } = estate;
  if (request.existing) return { ...added(request, estate, request.existing), readSingly, unwanted };
  const items = itemsOf(estate.objects);
  const groups = groupsOf(items, request.split ?? usualSplit(items));
  const { files, secrets } =
    request.format === 'hcl' ? hclFiles({ ...request, groups }) : appFiles({ ...request, provider: provider.name, groups });
  const all = new Map([...files, ...projectFiles({ ...request, secrets, leftOut, count: estate.objects.length })]);
  return { files: all, adopted: estate.objects.length, managed: 0, leftOut, unwanted, secrets, readSingly };
}

function added(request: Request, estate: Estate, existing: Existing): Omit<Adoption, 'readSingly' | 'unwanted'> {
  const { objects, doubtful } = managedIn(existing.stacks, estate.objects, { provider: request.provider.name, url: request.endpoint.url });
  const doubts = [...doubtful].map(([{ type, id }, address]) => ({
    what: `${type} ${JSON.stringify(id)}`,
    why: `${address}, whose name only Terraform knows, may manage it; if it does not, leave that resource out for one run`,
    isObject: true,
  }));
  const fresh = itemsOf(estate.objects.filter((object) => !objects.has(object) && !doubtful.has(object)));
  const common = { managed: objects.size, leftOut: [...estate.leftOut, ...doubts] };
  if (fresh.length === 0) return { ...common, files: new Map(), adopted: 0, secrets: [] };
  const variables = existing.stacks.flatMap(({ variable = {} }) => Object.keys(variable));
  const { files, secrets, use } = addedFiles({ ...request, provider: request.provider.name }, fresh, { ...existing, variables });
  return { ...common, files, adopted: fresh.length, secrets, use };
}

function itemsOf(objects: readonly FoundObject[]): readonly Item[] {
  const references = new References(objects);
  return objects.map((object): Item => ({ object, tree: references.treeOf(object) }));
}
