import type { Plugin } from 'esbuild';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** The module that definitions import the language from. */
export const languageModule = 'repoform/provider';

const imports = /\bimport\s*\{([^}]*)\}\s*from\s*(['"])(?:repoform\/provider|(?:\.\.?\/)+schema\/define(?:\/index)?)\2/g;

/**
 * Has definitions import `z` as a namespace of its own, and the rest from the language without it. Bundlers take of a namespace only what
 * is used, but not when it comes as an export of another module; loading all of zod costs a process 10 ms.
 * @param language the file of the language
 */
export function apartFromZod(language: string): Plugin {
  return {
    name: 'language',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^repoform:language$/ }, () => ({ path: language, namespace: 'language' }));
      onLoad({ filter: /.*/, namespace: 'language' }, ({ path }) => ({
        contents: readFileSync(path, 'utf8').replace(/^export \* as z from ['"]zod['"];$/m, ''),
        loader: loaderOf(path),
        resolveDir: dirname(path),
      }));
      onLoad({ filter: /\.[cm]?[jt]s$/ }, ({ path }) => {
        const text = readFileSync(path, 'utf8');
        const parted = text.replace(imports, apart);
        return parted === text ? undefined : { contents: parted, loader: loaderOf(path) };
      });
    },
  };
}

const loaderOf = (path: string): 'ts' | 'js' => (/\.[cm]?ts$/.test(path) ? 'ts' : 'js');

function apart(_statement: string, list: string): string {
  const names = list.split(',').map((name) => name.trim());
  const found = names.map((name) => /^z(?:\s+as\s+(\w+))?$/.exec(name)).find((match) => match !== null);
  const rest = `import { ${names.filter((name) => name !== found?.[0]).join(', ')} } from 'repoform:language'`;
  return found ? `import * as ${found[1] ?? 'z'} from 'zod'; ${rest}` : rest;
}
