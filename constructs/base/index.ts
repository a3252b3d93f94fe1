/** What the constructs of a provider are made of: `repoform/constructs`. */
export { Action, type ActionEvent, type ActionMetaArguments, type TriggerOptions } from './action';
export type { AttributeSpec, AttributeType, TypeSpec } from './attribute';
export { clientConfigOf, type ClientConfigOptions } from './client-config';
export { DataSource } from './data-source';
export { type EphemeralMetaArguments, EphemeralResource } from './ephemeral-resource';
export { providerFunction } from './provider-function';
export { Resource } from './resource';
export { secretVariable, type SecretVariableOptions } from './secret-variable';
export { BundledProvider, type BundledProviderConfig } from '../provider/bundled-provider';
export { generatorMetadata, type ProviderPackage } from '../provider/provider-package';
