import * as fc from 'fast-check';
import type { TerraformStack } from 'cdktf';
import * as constructs from '../../../constructs/artifactapi';

/** A front, whichever it is. */
export type AnyFront = constructs.Front<constructs.RemoteNpm, constructs.LocalNpm>;
type FrontClass = new (scope: TerraformStack, id: string, props: constructs.FrontProps<never, never>) => AnyFront;

/** What is known of a package type without the patterns: its names, who owns them, and the paths that its clients ask for. */
export interface Layout {
  readonly front: FrontClass;
  readonly packageType: string;
  readonly names: fc.Arbitrary<string>;
  /** Beginnings of names, and what a name of them would end with. */
  readonly prefixes: fc.Arbitrary<string>;
  paths(name: string): readonly string[];
  /** How a name is written where two are compared. @default as it is */
  same?(name: string): string;
  /** Whether an owned name owns those beneath it. @default false */
  readonly beneath?: boolean;
  /** Paths that belong to no name. */
  readonly others: readonly string[];
}

const words = fc.constantFrom('acme', 'ac', 'acmex', 'core', 'x2', '2', '1');
const first = fc.constantFrom('acme', 'acmex', 'core', 'x2');

/** Words with separators between them, few enough that near misses are frequent. */
const joined = (separators: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(first, fc.array(fc.tuple(fc.constantFrom(...separators), words), { maxLength: 2 }))
    .map(([word, rest]) => word + rest.flat().join(''));

const ended = (names: fc.Arbitrary<string>, ends: readonly string[]): fc.Arbitrary<string> =>
  fc.tuple(names, fc.constantFrom(...ends)).map(([name, end]) => name + end);

const plain = joined(['-', '.', '_']);
const dashed = joined(['-']);
const slashed = joined(['/', '-']);
const normal = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-');
const escaped = (module: string): string => module.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);
const scoped = fc.oneof(
  plain,
  fc.tuple(plain, plain).map(([scope, name]) => `@${scope}/${name}`),
);
const modules = fc.tuple(fc.constantFrom('git.acme.example', 'git.acme.example/Acme'), slashed).map((parts) => parts.join('/'));
const forge = fc.tuple(first, fc.constantFrom('acme', 'acme_x', 'core')).map((parts) => parts.join('-'));
const spaces = fc.tuple(dashed, dashed).map((parts) => parts.join('/'));
const front = (type: unknown): FrontClass => type as FrontClass;

/** Every front. */
export const layouts: readonly Layout[] = [
  {
    front: front(constructs.NpmFront),
    packageType: 'npm',
    names: scoped,
    prefixes: fc.oneof(
      ended(scoped, ['-', '.', '_']),
      plain.map((scope) => `@${scope}/`),
    ),
    paths: (name) => [
      name,
      name.replace('/', '%2f'),
      name.replace('@', '%40').replace('/', '%2F'),
      `${name}/1.2.3`,
      `${name}/-/${name.replace(/.*\//, '')}-1.2.3.tgz`,
      `-/package/${name}/dist-tags`,
    ],
    others: ['-/v1/search', '-/ping', '-/npm/v1/security/advisories/bulk'],
  },
  {
    front: front(constructs.PypiFront),
    packageType: 'pypi',
    names: plain,
    prefixes: ended(plain, ['-', '_', '.']),
    same: normal,
    paths: (name) => [
      `simple/${normal(name)}/`,
      `simple/${name}`,
      `pypi/${name}/json`,
      `packages/3d/4f/${normal(name).replaceAll('-', '_')}-1.0-py3-none-any.whl`,
      `packages/3d/4f/${normal(name).replaceAll('-', '_')}-1.0-py3-none-any.whl.metadata`,
      `${normal(name).replaceAll('-', '_')}-2.0.1.tar.gz`,
      `${normal(name)}/${name}-2.0.1.zip`,
    ],
    others: ['simple/', 'simple', 'packages/'],
  },
  {
    front: front(constructs.DockerFront),
    packageType: 'docker',
    names: joined(['/', '-', '/tags/', '/manifests/']),
    prefixes: ended(slashed, ['/', '-', '_']),
    paths: (name) => [`${name}/manifests/latest`, `${name}/manifests/sha256:abc`, `${name}/blobs/sha256:abc`, `${name}/tags/list`],
    others: ['', '_catalog'],
  },
  {
    front: front(constructs.HelmFront),
    packageType: 'helm',
    names: dashed,
    prefixes: ended(dashed, ['-']),
    paths: (name) => [
      ...['1.0.0.tgz', 'v1.2.3.tgz', '1.0.0-rc.1.tgz', '1.0.0+b.tgz.prov'].flatMap((end) => [`${name}-${end}`, `charts/${name}-${end}`]),
      ...[`v2/${name}/manifests/1.0.0`, `v2/public/charts/${name}/tags/list`, `-/${name}/1.0.0/download.tgz`],
    ],
    others: ['index.yaml', 'acme-1.0.0/index.yaml'],
  },
  {
    front: front(constructs.GoFront),
    packageType: 'goproxy',
    names: modules,
    prefixes: ended(modules, ['/', '-']),
    beneath: true,
    paths: (name) => [
      `${escaped(name)}/@v/list`,
      `${escaped(name)}/@v/v1.0.0.zip`,
      `${escaped(name)}/@latest`,
      `sumdb/sum.golang.org/lookup/${escaped(name)}@v1.0.0`,
    ],
    others: ['sumdb/sum.golang.org/supported', 'sumdb/sum.golang.org/tile/8/0/001'],
  },
  {
    front: front(constructs.RpmFront),
    packageType: 'rpm',
    names: plain,
    prefixes: ended(plain, ['-']),
    paths: (name) => [`${name}-1.0-1.el9.x86_64.rpm`, `Packages/a/${name}-2.0.1-0.3.fc41.noarch.rpm`],
    others: ['repodata/repomd.xml', 'repodata/acme-primary.xml.gz'],
  },
  {
    front: front(constructs.AlpineFront),
    packageType: 'alpine',
    names: plain,
    prefixes: ended(plain, ['-']),
    paths: (name) => [`${name}-1.0-r0.apk`, `v3.20/main/x86_64/${name}-2.0.1_git2-r13.apk`],
    others: ['v3.20/main/x86_64/APKINDEX.tar.gz'],
  },
  {
    front: front(constructs.PuppetFront),
    packageType: 'puppet',
    names: forge,
    prefixes: fc.oneof(ended(first, ['-', '/']), ended(forge, ['_'])),
    same: (name) => name.replace('/', '-'),
    paths: (name) => [`v3/modules/${name}`, `v3/releases/${name}-1.0.0`, `v3/files/${name}-1.0.0.tar.gz`],
    others: ['v3/releases', 'v3/modules', 'v3/modules/'],
  },
  {
    front: front(constructs.TerraformFront),
    packageType: 'terraform',
    names: spaces,
    prefixes: fc.oneof(ended(dashed, ['/', '-']), ended(spaces, ['-'])),
    paths: (name) => [
      `v1/providers/${name}/versions`,
      `v1/providers/${name}/1.0.0/download/linux/amd64`,
      `v1/modules/${name}/aws/versions`,
      `registry.example.com/${name}/index.json`,
      `${name}/versions`,
    ],
    others: ['.well-known/terraform.json', 'v1/providers', 'v1/modules'],
  },
];
