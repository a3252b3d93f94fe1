import type { Construct } from 'constructs';
import { LocalNpm, RemoteNpm, type LocalNpmConfig, type RemoteNpmConfig } from '../../generated/artifactapi';
import { Front, frontMembers, type FrontProps } from './front';
import { quote, type NameLayout } from './owned-name';

/** Where the names stand in paths. */
const names: NameLayout = {
  shape: /^(?:@[a-z0-9~-][\w.~-]*\/)?(?:[a-z0-9~][\w.~-]*)?$/i,
  examples: '"@acme/" or "acme-"',
  patterns: ({ text, isPrefix }) => {
    // npm asks for the metadata of "@acme/core" as "@acme%2fcore".
    const name = quote(text).replace('@', '(?:@|%40)').replace('/', '(?:/|%2[Ff])');
    return [`^/*(?:-/package/)?${name}${isPrefix ? '' : '(?:/|$)'}`];
  },
};

/** Properties of an `NpmFront`. */
export type NpmFrontProps = FrontProps<RemoteNpmConfig, LocalNpmConfig>;

/**
 * npm packages: a public registry and your own packages under one name.
 *
 * A strict ArtifactAPI server neither merges npm metadata nor generates it from uploads, so clients get nothing through the virtual:
 * point them at `remote` and `internal` there (npm accepts a registry per scope). The embedded registry merges in its default mode.
 * Packages are uploaded as plain files: metadata and tarballs.
 *
 * @example
 * new NpmFront(this, 'npm', {
 *   name: 'npm',
 *   upstream: 'https://npm.example.com',
 *   privateNames: ['@acme/', 'acme-'],
 * });
 */
export class NpmFront extends Front<RemoteNpm, LocalNpm> {
  constructor(scope: Construct, id: string, props: NpmFrontProps) {
    super(scope, id, frontMembers({ packageType: 'npm', remote: RemoteNpm, internal: LocalNpm, names }, props));
  }
}
