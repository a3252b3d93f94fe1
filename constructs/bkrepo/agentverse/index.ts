/** The storage of AgentVerse: what one otherwise sets up by hand. */
export { AgentVerseStorage } from './storage';
export type { AgentVerseAction, AgentVerseStorageProps, AgentVerseToken, ExistingProject } from './props';
export type { AgentVerseEnvironment } from './texts';
export { AgentVerseCredentials, type AgentVerseCredentialsProps } from './credentials';
