import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prerelease } from 'semver';
import { type Section, sectionsOf } from './changelog';
import { packageProblems } from './check-package';
import { fixtures } from './fixture';
import { inFolder, versionOf } from './prepare';
import { sbomOf } from './sbom';

/** How a release is made. */
export interface ReleaseOptions {
  /** Makes everything and publishes nothing. */
  readonly dryRun: boolean;
  /** The folder for the files of the release. */
  readonly out: string;
  /** The OpenPGP key that signs the checksums, as `gpg --local-user` takes it. */
  readonly sign?: string | undefined;
  /** Whether npm publishes a provenance statement, which only a pipeline with OpenID Connect can. */
  readonly provenance: boolean;
  /** The registry to publish to. @default - npm's own setting */
  readonly registry?: string | undefined;
}

const sectionOf = (root: string, version: string): Section | undefined =>
  sectionsOf(readFileSync(join(root, 'CHANGELOG.md'), 'utf8')).find(({ name }) => name === version);

/** What a working copy lacks to be released. */
export function releaseProblems(root: string): string[] {
  const version = versionOf(root);
  const tags = inFolder(root, 'git', ['tag', '--points-at', 'HEAD']).split('\n');
  const found = {
    'the working copy has changes; commit them': inFolder(root, 'git', ['status', '--porcelain']) !== '',
    [`HEAD does not have the tag v${version}; run git tag -s v${version}`]: !tags.includes(`v${version}`),
    [`CHANGELOG.md has no section "## ${version} - <date>"; run npm run release -- prepare`]: sectionOf(root, version)?.date === undefined,
    'CHANGELOG.md has entries under "## Unreleased"; run npm run release -- prepare with the next version':
      (sectionOf(root, 'Unreleased')?.text ?? '') !== '',
    [`test/upgrade/${version} is missing; run npm run release -- fixture`]: !existsSync(join(fixtures(root), version)),
  };
  return Object.entries(found).flatMap(([problem, isThere]) => (isThere ? [problem] : []));
}

/** Checks, packs, describes, signs and publishes a built working copy. Answers the files of the release. */
export async function release(root: string, options: ReleaseOptions): Promise<string[]> {
  const { out, sign, dryRun } = options;
  stopFor(releaseProblems(root));
  const version = versionOf(root);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const tarball = inFolder(root, 'npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', out]);
  stopFor(await packageProblems(join(out, tarball)));
  const bom = `repoform-${version}.cdx.json`;
  writeFileSync(join(out, bom), `${JSON.stringify(sbomOf(root), undefined, 2)}\n`);
  const sum = (name: string): string =>
    createHash('sha256')
      .update(readFileSync(join(out, name)))
      .digest('hex');
  writeFileSync(join(out, 'SHA256SUMS'), [tarball, bom].map((name) => `${sum(name)}  ${name}\n`).join(''));
  writeFileSync(join(out, 'NOTES.md'), `${sectionOf(root, version)?.text ?? ''}\n`);
  if (sign !== undefined) inFolder(out, 'gpg', ['--batch', '--yes', '--local-user', sign, '--armor', '--detach-sign', 'SHA256SUMS']);
  if (!dryRun) inFolder(out, 'npm', publishing(tarball, version, options));
  return [tarball, bom, 'NOTES.md', 'SHA256SUMS', ...(sign === undefined ? [] : ['SHA256SUMS.asc'])];
}

function publishing(tarball: string, version: string, { provenance, registry }: ReleaseOptions): string[] {
  return [
    'publish',
    `./${tarball}`,
    '--access=public',
    `--provenance=${provenance}`,
    `--tag=${prerelease(version) ? 'next' : 'latest'}`,
    ...(registry === undefined ? [] : [`--registry=${registry}`]),
  ];
}

function stopFor(problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(problems.join('\n'));
}
