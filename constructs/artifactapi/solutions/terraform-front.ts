import type { Construct } from 'constructs';
import { LocalTerraform, RemoteTerraform, type LocalTerraformConfig, type RemoteTerraformConfig } from '../../generated/artifactapi';
import { Front, frontMembers, type FrontProps } from './front';
import { quote, type NameLayout } from './owned-name';

/** Where the names stand in paths. */
const names: NameLayout = {
  shape: /^[a-z0-9][\w-]*(?:\/[\w-]*)?$/i,
  examples: '"acme/" or "acme/network"',
  patterns: ({ text, isPrefix }) => {
    const place = '(?:v1/(?:providers|modules)/|(?:[A-Za-z0-9-]+\\.)+[A-Za-z0-9-]+(?::[0-9]+)?/)?';
    return [`^/*${place}${quote(text)}${isPrefix ? '[^/]' : '/'}`];
  },
};

/** Properties of a `TerraformFront`. */
export type TerraformFrontProps = FrontProps<RemoteTerraformConfig, LocalTerraformConfig>;

/**
 * Terraform providers and modules: a public registry and your own providers under one name.
 *
 * ArtifactAPI accepts uploads of provider archives and serves them as a registry. It merges nothing of this type, so a strict server may
 * not serve the virtual: point clients at `internal` and `remote` by their own names there.
 *
 * @example
 * new TerraformFront(this, 'terraform', {
 *   name: 'terraform',
 *   upstream: 'https://terraform.example.com',
 *   privateNames: ['acme/'],
 * });
 */
export class TerraformFront extends Front<RemoteTerraform, LocalTerraform> {
  constructor(scope: Construct, id: string, props: TerraformFrontProps) {
    super(scope, id, frontMembers({ packageType: 'terraform', remote: RemoteTerraform, internal: LocalTerraform, names }, props));
  }
}
