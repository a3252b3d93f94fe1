import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packages } from '../src/common/gen/packages';
import { providers } from '../src/resources';
import { type ConstructFile, toConstructs } from '../src/schema/derive/to-construct';
import { frontsText } from './fronts';

/** What is generated from other facts than the definitions of a provider. */
const others: Readonly<Record<string, readonly ConstructFile[]>> = {
  artifactapi: [{ name: 'fronts.ts', text: frontsText(packages) }],
};

/** Writes the construct classes of every provider into `constructs/generated`. */
export function generateConstructs(folder: string = join(__dirname, '../constructs/generated')): void {
  for (const provider of providers) {
    const target = join(folder, provider.name);
    const files = [...toConstructs(provider), ...(others[provider.name] ?? [])];
    mkdirSync(target, { recursive: true });
    for (const { name, text } of files) writeFileSync(join(target, name), text);
    const names = new Set(files.map((file) => file.name));
    for (const stale of readdirSync(target).filter((name) => !names.has(name))) rmSync(join(target, stale));
  }
}

if (require.main === module) generateConstructs();
