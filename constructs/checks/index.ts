/** Rules for package registries, run at synthesis: `repoform/checks`. */
export * from '../../src/checks/define';
export { RegistryChecks, type RegistryChecksProps } from './registry-checks';
export { suppressRule } from './suppress-rule';
