import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const docs = join(__dirname, '../../docs');

/** A page of the generated reference. */
export interface Page {
  /** Its path below `docs/`, without ending. */
  readonly path: string;
  readonly text: string;
}

/** Every page of the generated reference of a provider. */
export function pagesOf(provider: string): Page[] {
  return readdirSync(join(docs, provider), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => ({
      path: relative(docs, join(docs, provider, file)).replace(/\.md$/, ''),
      text: readFileSync(join(docs, provider, file), 'utf8'),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The code blocks of a page in a language. */
export function codeOf({ text }: Page, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, code]) => code ?? '');
}
