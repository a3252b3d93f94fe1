/** Constructs for ArtifactAPI: `repoform/artifactapi`. */
export * from '../generated/artifactapi';
export * from './deprecated';
export { type NamedRepository, Virtual, type VirtualConfig } from './virtual';
export { secretVariable, type SecretVariableOptions } from '../base/secret-variable';
export type { ClientConfigOptions } from '../base/client-config';
export { Front, type FrontProps } from './solutions/front';
export { AlpineFront, type AlpineFrontProps } from './solutions/alpine-front';
export { DockerFront, type DockerFrontProps } from './solutions/docker-front';
export { GoFront, type GoFrontProps } from './solutions/go-front';
export { HelmFront, type HelmFrontProps } from './solutions/helm-front';
export { NpmFront, type NpmFrontProps } from './solutions/npm-front';
export { PuppetFront, type PuppetFrontProps } from './solutions/puppet-front';
export { PypiFront, type PypiFrontProps } from './solutions/pypi-front';
export { RpmFront, type RpmFrontProps } from './solutions/rpm-front';
export { TerraformFront, type TerraformFrontProps } from './solutions/terraform-front';
