import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { providers } from '../src/resources';
import { toConstructs } from '../src/schema/derive/to-construct';

/** Writes the construct classes of every provider into `constructs/generated`. */
export function generateConstructs(folder: string = join(__dirname, '../constructs/generated')): void {
  for (const provider of providers) {
    const target = join(folder, provider.name);
    const files = toConstructs(provider);
    mkdirSync(target, { recursive: true });
    for (const { name, text } of files) writeFileSync(join(target, name), text);
    const names = new Set(files.map((file) => file.name));
    for (const stale of readdirSync(target).filter((name) => !names.has(name))) rmSync(join(target, stale));
  }
}

if (require.main === module) generateConstructs();
