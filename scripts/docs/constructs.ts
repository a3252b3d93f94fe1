import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pascalCase } from '../../src/common/names';
import type { ProviderDefinition } from '../../src/schema/define/provider';
import { constructIndex, constructPage } from './construct-pages';
import { type ConstructDoc, readConstructs } from './construct-reader';
import { hclOf, type Room } from './example-hcl';

/** The pages of a provider's constructs, by their paths below its folder; none where there are no constructs for it. */
export async function constructDocs(provider: ProviderDefinition): Promise<readonly (readonly [path: string, page: string])[]> {
  const index = join(__dirname, '../../constructs', provider.name, 'index.ts');
  if (!existsSync(index)) return [];
  const room = (await import(index)) as Room;
  const { written, generated } = readConstructs(provider.name);
  const names = [...written.map(({ name }) => name), ...generated].sort();
  // What several rooms share is described in the one that its example is of.
  const made = ({ example }: ConstructDoc): string[] => [...example.matchAll(/\bnew (\w+)/g)].map(([, name = '']) => name);
  const listed = { generated, written: written.filter((doc) => made(doc).every((name) => names.includes(name))) };
  return [
    ['constructs/index', constructIndex(listed, provider)],
    ...listed.written.map((doc) => {
      const hcl = hclOf(doc.example, room, `${pascalCase(provider.name)}Provider`);
      return [`constructs/${doc.name}`, constructPage(doc, hcl, { provider, names })] as const;
    }),
  ];
}
