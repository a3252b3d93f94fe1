import { chmodSync } from 'node:fs';
import { buildSync } from 'esbuild';

/** Bundles a program into one executable CommonJS file, as the provider is shipped. */
export function bundle(entry: string, outfile: string): string {
  buildSync({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    banner: { js: '#!/usr/bin/env node' },
  });
  chmodSync(outfile, 0o755);
  return outfile;
}
