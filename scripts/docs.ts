import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { providers } from '../src/resources';
import { writeApiReport } from './api-report';
import { checkPages } from './docs/check-pages';
import { commandPages } from './docs/command-pages';
import { constructDocs } from './docs/constructs';
import { writeIncludedFiles } from './docs/included-files';
import { packagePages } from './docs/package-pages';
import { requestsOfArtifactapi } from './docs/requests';
import { docsPages } from '../src/schema/derive/to-docs';

const root = join(__dirname, '../docs');

/**
 * Writes the API report and the reference: one page for each provider, each of its resources, data sources, ephemeral resources, functions and
 * constructs, each rule, each command, and each package type; and the files that guides show.
 */
export async function writeDocs(): Promise<void> {
  // Without users, all that can be limited is who may send what.
  const requests = new Map([['artifactapi', await requestsOfArtifactapi()]]);
  for (const provider of providers)
    writePages(provider.name, [...docsPages(provider, requests.get(provider.name)), ...(await constructDocs(provider))]);
  writePages('checks', checkPages());
  writePages('commands', commandPages());
  for (const [name, page] of packagePages()) writeFileSync(join(root, 'packages', `${name}.md`), page);
  writeIncludedFiles();
  writeApiReport();
}

function writePages(name: string, pages: Iterable<readonly [path: string, page: string]>): void {
  const folder = join(root, name);
  rmSync(folder, { recursive: true, force: true });
  for (const [path, page] of pages) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, `${path}.md`), page);
  }
}

if (require.main === module) void writeDocs();
