/** Constructs for ArtifactAPI: `repoform/artifactapi`. */
export * from '../generated/artifactapi';
export * from './deprecated';
export { type NamedRepository, Virtual, type VirtualConfig } from './virtual';
export { secretVariable, type SecretVariableOptions } from '../base/secret-variable';
export type { ClientConfigOptions } from '../base/client-config';
export { Front, type FrontProps } from './front';
export * from '../generated/artifactapi/fronts';
