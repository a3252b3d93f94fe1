/** Small stacks for common needs: a public upstream and an internal repository under one name. */
export { Front, type FrontProps } from './front';
export { AlpineFront, type AlpineFrontProps } from './alpine-front';
export { DockerFront, type DockerFrontProps } from './docker-front';
export { GoFront, type GoFrontProps } from './go-front';
export { HelmFront, type HelmFrontProps } from './helm-front';
export { NpmFront, type NpmFrontProps } from './npm-front';
export { PuppetFront, type PuppetFrontProps } from './puppet-front';
export { PypiFront, type PypiFrontProps } from './pypi-front';
export { RpmFront, type RpmFrontProps } from './rpm-front';
export { TerraformFront, type TerraformFrontProps } from './terraform-front';
