/** Constructs for BK-Repo: `repoform/bkrepo`. */
export * from '../generated/bkrepo';
export * from './deprecated';
export { secretVariable, type SecretVariableOptions } from '../base/secret-variable';
export * from './agentverse';
