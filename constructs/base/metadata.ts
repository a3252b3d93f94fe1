import type { TerraformProviderGeneratorMetadata } from 'cdktf';
import { packageVersion } from './package';

/** What cdktf keeps of the origin of a class. */
export function generatorMetadata(provider: string): TerraformProviderGeneratorMetadata {
  const version = packageVersion();
  return { providerName: provider, providerVersion: version, providerVersionConstraint: version };
}
