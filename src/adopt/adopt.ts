import type { ProviderHandler } from '../handler/provider-handler';
import type { ProviderDefinition } from '../schema/define/provider';
import { type Estate, type LeftOut, readEstate, type Selection } from './estate';
import { type Group, groupsOf, type Item, type Split, usualSplit } from './groups';
import { hclFiles } from './hcl';
import { References } from './references';
import { projectFiles } from './project';
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
  readonly stack: string;
  readonly endpoint: { readonly variable: string; readonly url: string };
  /** Told after each type. */
  progress(type: string, count: number): void;
}

/** What was found, and the app that manages it. */
export interface Adoption {
  readonly files: ReadonlyMap<string, string>;
  readonly adopted: number;
  readonly leftOut: readonly LeftOut[];
  readonly secrets: readonly string[];
  /** Types whose objects had to be read one by one. */
  readonly readSingly: readonly string[];
}

/** Reads a server and writes the app. Writes neither to the server nor to the disk. */
export async function adopt(request: Request): Promise<Adoption> {
  const { provider, handler, selection } = request;
  const source = { provider, handler, listing: handler.listing(), progress: request.progress.bind(request) };
  const estate = await readEstate(source, selection);
  const groups = groupsOfEstate(estate, request.split);
  const { files, secrets } =
    request.format === 'hcl' ? hclFiles({ ...request, groups }) : appFiles({ ...request, provider: provider.name, groups });
  const all = new Map([...files, ...projectFiles({ ...request, secrets, leftOut: estate.leftOut, count: estate.objects.length })]);
  return { files: all, adopted: estate.objects.length, leftOut: estate.leftOut, secrets, readSingly: estate.readSingly };
}

function groupsOfEstate({ objects }: Estate, split: Split | undefined): readonly Group[] {
  const references = new References(objects);
  const items = objects.map((object): Item => ({ object, tree: references.treeOf(object) }));
  return groupsOf(items, split ?? usualSplit(items));
}
