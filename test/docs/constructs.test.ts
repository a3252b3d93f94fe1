import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as api from '../../constructs/artifactapi';
import { pagesOf } from './pages';

const docs = join(__dirname, '../../docs');
const folder = 'artifactapi/constructs';
const pages = pagesOf('artifactapi').filter(({ path }) => path.startsWith(`${folder}/`));
const index = readFileSync(join(docs, folder, 'index.md'), 'utf8');
const links = [...index.matchAll(/^\| \[(\w+)\]\((\S+)\) \| (.*) \|$/gm)].map(([, name = '', path = '', what = '']) => ({
  name,
  path,
  what,
}));

/** What users can make or call: what is nested in something has no page, nor has what is only a base. */
const offered = Object.keys(api).filter((name) => !/OutputReference$|List$|Base$/.test(name) && name !== 'Front');

test('every construct is listed once, with what it is and a page that is there', () => {
  expect(links.map(({ name }) => name).sort()).toEqual(offered.sort());
  const broken = links.filter(({ path, what }) => !existsSync(join(docs, folder, path)) || !/[.?]$/.test(what));
  expect(broken).toEqual([]);
});

test('every hand-written construct has a page that tells what it is, what it takes and what it gives', () => {
  const own = pages.filter(({ path }) => path !== `${folder}/index`);
  expect(own.map(({ path }) => `${path.slice(folder.length + 1)}.md`)).toEqual(
    links.map(({ path }) => path).filter((path) => dirname(path) === '.'),
  );
  for (const { path, text } of own) {
    expect([path, text.match(/^#+ .*$/gm)?.filter((line) => !line.startsWith('# '))]).toEqual([
      path,
      [
        '## Example Usage',
        '## Properties',
        ...(/secretVariable/.test(path) ? ['### Optional'] : ['### Required', '### Optional', '## Members']),
      ],
    ]);
    const wordless = text.split('\n').filter((line) => line.startsWith('- `') && !/^- `[^`]+`(?: \(`[^`]+`\))? [A-Z].*\.$/.test(line));
    expect(wordless).toEqual([]);
  }
});

test('the page of a front says what a strict server cannot do, what blocks names and what is read by clients', () => {
  const { text } = pages.find(({ path }) => path.endsWith('/NpmFront')) ?? { text: '' };
  expect(text).toContain('A strict ArtifactAPI server neither merges npm metadata nor generates it');
  expect(text).toContain('    "^/*(?:-/package/)?acme-",\n');
  expect(text).toContain('    artifactapi_local_npm.npm_internal.name,\n    artifactapi_remote_npm.npm_remote.name,\n');
  expect(text).toContain('- `remoteName` (`string`) Name of the remote repository. Default: the name followed by "-remote".\n');
  expect(text).toContain('- `clientConfig(options?: ClientConfigOptions<"npmrc" | "yarnrc">): string` The configuration text');
});
