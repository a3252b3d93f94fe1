/** Constructs for BK-Repo: `repoform/bkrepo`. */
export * from '../generated/bkrepo';
export * from './deprecated';
export { secretVariable, type SecretVariableOptions } from '../base/secret-variable';
export { AgentVerseStorage } from './agentverse/storage';
export type { AgentVerseAction, AgentVerseStorageProps, AgentVerseToken, ExistingProject } from './agentverse/props';
export type { AgentVerseEnvironment } from './agentverse/texts';
export { AgentVerseCredentials, type AgentVerseCredentialsProps } from './agentverse/credentials';
