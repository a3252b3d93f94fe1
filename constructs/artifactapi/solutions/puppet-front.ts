import type { Construct } from 'constructs';
import { LocalPuppet, RemotePuppet, type LocalPuppetConfig, type RemotePuppetConfig } from '../../generated/artifactapi';
import { Front, frontMembers, type FrontProps } from './front';
import { quote, type NameLayout } from './owned-name';

/** Where the names stand in paths. */
const names: NameLayout = {
  shape: /^[a-z0-9]+[-/](?:[a-z]\w*)?$/i,
  examples: '"acme-" or "acme-ntp"',
  patterns: ({ text, isPrefix }) => {
    const name = quote(text.replace('/', '-'));
    return [`^/*v3/(?:modules|releases|files)/${name}${isPrefix ? '' : '(?:-[0-9][^/]*)?(?:/|$)'}`];
  },
};

/** Properties of a `PuppetFront`. */
export type PuppetFrontProps = FrontProps<RemotePuppetConfig, LocalPuppetConfig>;

/**
 * Puppet modules: a public forge and your own modules under one name.
 *
 * A strict ArtifactAPI server merges nothing of this type and accepts uploads only as plain files, so it may not serve the virtual:
 * point clients at `remote` there. Blocklists match paths without the query, so a list of releases by `?module=` is not refused; modules
 * and archives are.
 *
 * @example
 * new PuppetFront(this, 'puppet', {
 *   name: 'puppet',
 *   upstream: 'https://forge.example.com',
 *   privateNames: ['acme-'],
 * });
 */
export class PuppetFront extends Front<RemotePuppet, LocalPuppet> {
  constructor(scope: Construct, id: string, props: PuppetFrontProps) {
    super(scope, id, frontMembers({ packageType: 'puppet', remote: RemotePuppet, internal: LocalPuppet, names }, props));
  }
}
