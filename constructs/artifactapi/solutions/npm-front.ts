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

/** What a `NpmFront` is told. */
export type NpmFrontProps = FrontProps<RemoteNpmConfig, LocalNpmConfig>;

/**
 * npm packages: a public registry and your own packages under one name.
 *
 * A strict ArtifactAPI server merges no npm metadata and makes none from uploads, so it answers for neither through the virtual: let
 * clients use `remote` and `internal` there (npm takes a registry for each scope). The embedded registry merges, in its default mode;
 * packages are uploaded as plain files, metadata and tarballs.
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
