import type { TerraformProviderGeneratorMetadata } from 'cdktf';
import { packageVersion } from './package';

const made = new Map<string, TerraformProviderGeneratorMetadata>();

/** What cdktf keeps of the origin of a class. */
export function generatorMetadata(provider: string): TerraformProviderGeneratorMetadata {
  const known = made.get(provider);
  if (known) return known;
  const version = packageVersion();
  const metadata = { providerName: provider, providerVersion: version, providerVersionConstraint: version };
  made.set(provider, metadata);
  return metadata;
}
