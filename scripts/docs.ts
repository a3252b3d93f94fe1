import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { providers } from '../src/resources';
import { constructDocs } from './docs/constructs';
import { dataSourcePage, ephemeralPage, functionPage, providerPage, resourcePage } from '../src/schema/derive/to-docs';

const root = join(__dirname, '../docs');

/** Writes the reference: one page for each provider and each of its resources, data sources, ephemeral resources, functions and constructs. */
export async function writeDocs(): Promise<void> {
  for (const provider of providers) {
    const folder = join(root, provider.name);
    rmSync(folder, { recursive: true, force: true });
    const write = (path: string, page: string): void => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, `${path}.md`), page);
    };
    const short = (type: string): string => type.slice(provider.name.length + 1);
    write('index', providerPage(provider));
    for (const one of provider.resources) write(`resources/${short(one.type)}`, resourcePage(one, provider));
    for (const one of provider.dataSources) write(`data-sources/${short(one.type)}`, dataSourcePage(one, provider));
    for (const one of provider.ephemerals ?? []) write(`ephemeral-resources/${short(one.type)}`, ephemeralPage(one, provider));
    for (const one of provider.functions) write(`functions/${one.name}`, functionPage(one, provider));
    for (const [path, page] of await constructDocs(provider)) write(path, page);
  }
}

if (require.main === module) void writeDocs();
