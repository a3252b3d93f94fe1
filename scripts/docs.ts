import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { providers } from '../src/resources';
import { writeApiReport } from './api-report';
import { constructDocs } from './docs/constructs';
import { docsPages } from '../src/schema/derive/to-docs';

const root = join(__dirname, '../docs');

/** Writes the API report and the reference: one page for each provider and each of its resources, data sources, ephemeral resources, functions and constructs. */
export async function writeDocs(): Promise<void> {
  for (const provider of providers) {
    const folder = join(root, provider.name);
    rmSync(folder, { recursive: true, force: true });
    const write = (path: string, page: string): void => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, `${path}.md`), page);
    };
    for (const [path, page] of [...docsPages(provider), ...(await constructDocs(provider))]) write(path, page);
  }
  writeApiReport();
}

if (require.main === module) void writeDocs();
