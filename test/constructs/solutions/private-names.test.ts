import { Testing, TerraformStack } from 'cdktf';
import * as fc from 'fast-check';
import { RE2JS } from 're2js';
import * as constructs from '../../../constructs/artifactapi';
import { patternFault } from '../../../src/common/re2';
import { layouts, type Layout } from './layouts';

function blocklistOf({ front }: Layout, privateNames: readonly string[]): string[] {
  const stack = new TerraformStack(Testing.app(), 's');
  const { remote } = new front(stack, 'it', { name: 'all', upstream: 'https://upstream.example.com', privateNames: privateNames });
  Testing.synth(stack);
  return remote.blocklistInput ?? [];
}

const blocks = (patterns: readonly string[]): ((path: string) => boolean) => {
  const compiled = patterns.map((pattern) => RE2JS.compile(pattern));
  return (path) => compiled.some((pattern) => pattern.matcher(path).find());
};

function isOwned({ same = (name) => name, beneath }: Layout, name: string, owned: string): boolean {
  if (/[/._-]$/.test(owned)) return same(name).startsWith(same(owned));
  return same(name) === same(owned) || (beneath === true && name.startsWith(`${owned}/`));
}

test('every front is tried', () => {
  const fronts = Object.keys(constructs).filter((name) => /.Front$/.test(name));
  expect(layouts.map(({ front }) => front.name).sort()).toEqual(fronts.sort());
});

test.each(layouts)('the patterns of $packageType block all paths of owned names and no others', (layout) => {
  const owned = fc.oneof(layout.names, layout.prefixes);
  fc.assert(
    fc.property(fc.array(owned, { minLength: 1, maxLength: 2 }), fc.array(layout.names, { minLength: 5, maxLength: 20 }), (list, names) => {
      const patterns = blocklistOf(layout, list);
      expect(patterns.map(patternFault)).toEqual(patterns.map(() => undefined));
      const blocked = blocks(patterns);
      for (const name of [...names, ...list.filter((text) => !/[/._-]$/.test(text))]) {
        const mine = list.some((text) => isOwned(layout, name, text));
        expect({ list, name, blocked: layout.paths(name).filter(blocked) }).toEqual({
          list,
          name,
          blocked: mine ? layout.paths(name) : [],
        });
      }
      expect(layout.others.filter(blocked)).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

test.each([
  ['npm', '@acme'],
  ['npm', ''],
  ['npm', 'acme*'],
  ['pypi', 'acme/'],
  ['docker', 'Acme/'],
  ['helm', '-acme'],
  ['goproxy', 'https://git.acme.example/'],
  ['rpm', 'acme core'],
  ['alpine', '.*'],
  ['puppet', 'acme'],
  ['terraform', 'registry.acme.example/acme/'],
])('of %s, "%s" is refused as an owned name', (type, name) => {
  const layout = layouts.find(({ packageType }) => packageType === type) as Layout;
  expect(() => blocklistOf(layout, ['acme-core', name].slice(type === 'terraform' ? 1 : 0))).toThrow(
    `[s/it] privateNames: "${name}" is neither a name nor a prefix, which ends with "/", "-", "." or "_"; write e.g. "`,
  );
});

test.each([
  ['npm', ['^/*(?:-/package/)?(?:@|%40)acme(?:/|%2[Ff])', '^/*(?:-/package/)?acme-', '^/*(?:-/package/)?acme\\.js(?:/|$)']],
  [
    'pypi',
    [
      '(?i)^/*(?:simple|pypi)/acme[-_.]+[a-z0-9]',
      '(?i)(?:^|/)acme[_.]+[a-z0-9][^/-]*-[^/]+\\.(?:whl|egg)(?:\\.metadata|\\.asc)?$',
      '(?i)(?:^|/)acme[-_.]+[a-z0-9][^/]*-v?[0-9][^/-]*\\.(?:tar\\.gz|tar\\.bz2|tgz|zip)(?:\\.asc)?$',
    ],
  ],
])('the patterns of %s are short enough to read in a plan', (type, patterns) => {
  const layout = layouts.find(({ packageType }) => packageType === type) as Layout;
  expect(blocklistOf(layout, type === 'npm' ? ['@acme/', 'acme-', 'acme.js'] : ['acme-'])).toEqual(patterns);
});
