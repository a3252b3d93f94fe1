import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { providers } from '../../src/resources';
import type { ResourceDefinition } from '../../src/schema/define/definition';
import type { ProviderDefinition } from '../../src/schema/define/provider';
import type { Target } from '../../src/testing/target';
import { codeOf, pagesOf } from '../docs/pages';
import { registryTarget } from '../support/contract-targets';
import { layRandomly } from '../support/random-estate';
import { expectStatus } from './support/command';
import type { CoreBinary } from './support/core-binary';
import { onCores } from './support/on-cores';
import { changesOf } from './support/plan';
import { layProvider, requirementOf, Workspace } from './support/workspace';

const minutes = 60_000;

/** A list of everything of a type. */
const listBlock = (provider: string, { type, binding }: ResourceDefinition): string => {
  const config = binding.list?.writes === undefined ? '' : '  config {\n    allow_writes = true\n  }\n';
  return `list "${type}" "all" {\n  provider = ${provider}\n  limit    = 10000\n${config}}\n`;
};

function providerBlock({ provider: { name }, server, login }: Target): string {
  const settings = Object.entries({ endpoint: server.endpoint, ...login }).map(([key, value]) => `  ${key} = ${JSON.stringify(value)}\n`);
  return `${requirementOf(name)}provider "${name}" {\n${settings.join('')}}\n`;
}

async function inQuery(provider: ProviderDefinition, core: CoreBinary, recipe: (target: Target, workspace: Workspace) => Promise<void>) {
  const target = await registryTarget(provider, true);
  const folder = mkdtempSync(join(tmpdir(), 'repoform-query-'));
  try {
    layProvider(folder, provider.name);
    const workspace = new Workspace(folder, { url: target.server.endpoint }, core);
    workspace.write(providerBlock(target));
    await recipe(target, workspace);
  } finally {
    await target.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

for (const provider of providers)
  onCores(
    {
      name: `terraform query finds random objects of ${provider.name}, and what it generates imports them unchanged`,
      needs: ['list resources'],
    },
    (title, core) =>
      test(
        title,
        () =>
          inQuery(provider, core, async (target, workspace) => {
            const listed = provider.resources.filter(({ binding }) => binding.list);
            const artifacts = new Set(provider.resources.flatMap(({ deleteGuard }) => deleteGuard?.childType ?? []));
            const made = await layRandomly(target, 60);
            writeFileSync(join(workspace.folder, 'all.tfquery.hcl'), listed.map((one) => listBlock(provider.name, one)).join('\n'));

            const lines = expectStatus(await workspace.terraform(['query', '-json']), 0).text.split('\n');
            const events = lines.flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as QueryEvent] : []));
            const found = events.flatMap(({ list_resource_found: one }) => (one ? [`${one.resource_type} ${one.display_name}`] : []));
            expect(made.map(({ type, id }) => `${type} ${id}`).filter((one) => !found.includes(one))).toEqual([]);
            expect(new Set(found).size).toBe(found.length);

            expectStatus(await workspace.terraform(['query', '-no-color', '-generate-config-out=generated.tf']), 0);
            const hcl = workspace.file('generated.tf');
            const managed = found.filter((one) => !artifacts.has(one.split(' ')[0] ?? ''));
            expect(hcl.match(/^resource "/gm)).toHaveLength(managed.length);
            expectStatus(await workspace.terraform(['validate']), 0);
            const { resource_changes: changes } = await workspace.planJson();
            expect(Object.values(changesOf(changes))).toEqual(managed.map(() => 'import no-op'));
          }),
        5 * minutes,
      ),
  );

for (const provider of providers)
  onCores({ name: `the examples of lists of ${provider.name} are valid and formatted`, needs: ['list resources'] }, (title, core) =>
    test(
      title,
      () =>
        inQuery(provider, core, async (_, workspace) => {
          const examples = pagesOf(provider.name).filter(({ path }) => path.includes('/list-resources/'));
          const blocks = examples.flatMap((page) => codeOf(page, 'hcl'));
          expect(blocks).toHaveLength(provider.resources.filter(({ binding }) => binding.list).length);
          writeFileSync(join(workspace.folder, 'examples.tfquery.hcl'), blocks.join('\n'));
          expectStatus(await workspace.terraform(['validate', '-query']), 0);
          // Terraform 1.14 formats no query files.
          writeFileSync(join(workspace.folder, 'formatted.tf'), blocks.join('\n'));
          expectStatus(await workspace.terraform(['fmt', '-check', 'formatted.tf']), 0);
        }),
      minutes,
    ),
  );

interface QueryEvent {
  readonly list_resource_found?: { readonly resource_type: string; readonly display_name: string };
}
