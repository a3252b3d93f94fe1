import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { diagramOf } from './diagram';
import { markdownOf, pagesOf, type SitePage } from './pages';
import { sidebarsOf } from './navigation';

const root = join(__dirname, '../..');
const site = join(root, 'site');

/** Builds the documentation site into `site/dist`. Links that lead nowhere are errors. */
async function buildSite(): Promise<void> {
  const pages = pagesOf(root);
  const staged = join(site, 'pages');
  rmSync(staged, { recursive: true, force: true });
  for (const page of pages) {
    const file = join(staged, page.path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, withFrontMatter(page, withDiagrams(markdownOf(page, pages), file)));
  }
  cpSync(join(root, 'docs/img'), join(staged, 'img'), { recursive: true });
  writeFileSync(join(site, '.vitepress/sidebar.json'), JSON.stringify(sidebarsOf(pages)));
  const { build } = await import('vitepress');
  await build(site);
}

/** Replaces flowcharts by pictures, which lie beside the page. */
function withDiagrams(text: string, file: string): string {
  let count = 0;
  return text.replace(/^```mermaid\n([^]*?)^```$/gm, (_, source: string) => {
    const { svg, alt } = diagramOf(source);
    count += 1;
    const name = `${basename(file, '.md')}-${count}.svg`;
    writeFileSync(join(dirname(file), name), svg);
    return `![${alt}](./${name})`;
  });
}

/** Adds what the site says of a page; the reference pages say it themselves, for Terraform's registry. */
function withFrontMatter({ path, source }: SitePage, text: string): string {
  const editable = `source: ${source}\n`;
  if (path === 'index.md') return `---\n${editable}${home}---\n\n${text.replace(/^# .*\n/, '## What are you looking for?\n')}`;
  return text.startsWith('---\n') ? text.replace('---\n', `---\n${editable}`) : `---\n${editable}---\n\n${text}`;
}

const home = `layout: home
hero:
  name: repoform
  text: Package repositories, declared in TypeScript
  tagline: Constructs for CDK for Terraform, the provider behind them, and an embedded registry to try them out. One npm package.
  actions:
    - { theme: brand, text: First stack, link: ./overview#your-own-stack }
    - { theme: alt, text: Package types, link: ./packages/ }
features:
  - { title: Plans that tell the truth, details: 'After an apply, the next plan is empty. Reads come from lists: 2 requests for 1,000 repositories.' }
  - { title: Nothing is lost, details: 'Deletes that would lose files are refused, objects that exist are never taken over silently, secrets stay out of the state.' }
  - { title: Try it without a server, details: 'The embedded registry serves npm, PyPI, Helm, images, Go, Terraform and more to real clients, and behaves like the real servers.' }
`;

void buildSite().catch((failure: unknown) => {
  process.stderr.write(`${failure instanceof Error ? failure.message : String(failure)}\n`);
  process.exitCode = 1;
});
