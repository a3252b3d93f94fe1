/** Constructs for KubeSphere: `repoform/kubesphere`. */
export * from '../generated/kubesphere';
export { AppRepository, type AppRepositoryConfig } from './app-repository';
export type { S3Bucket } from '../../src/common/kubesphere/url';
export { s3Url } from './s3-url';
export { secretVariable, type SecretVariableOptions } from '../base/secret-variable';
export { HelmCatalog } from './catalog/helm-catalog';
export type { CatalogRemoteSettings, CatalogRepository, HelmCatalogProps } from './catalog/props';
export { AppRepositoryManifest } from './manifest/app-repository-manifest';
export type { AppRepositoryManifestProps } from './manifest/props';
