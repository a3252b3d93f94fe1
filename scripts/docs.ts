import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { providers } from '../src/resources';
import { providerPage, resourcePage } from '../src/schema/to-docs';

const root = join(__dirname, '../docs');

/** Writes the reference: one page for each provider and each of its resources. */
export function writeDocs(): void {
  for (const provider of providers) {
    const folder = join(root, provider.name);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(folder, 'resources'), { recursive: true });
    writeFileSync(join(folder, 'index.md'), providerPage(provider));
    for (const definition of provider.resources) {
      writeFileSync(join(folder, 'resources', `${definition.type.slice(provider.name.length + 1)}.md`), resourcePage(definition, provider));
    }
  }
}

if (require.main === module) writeDocs();
