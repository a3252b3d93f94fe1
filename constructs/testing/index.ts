/** Matchers for jest and vitest: `repoform/testing`. Importing it adds them to the global `expect`, if there is one. */
import { registryMatchers } from './matchers';

export { registryMatchers } from './matchers';
export type { RegistryMatchers } from './types';
export type { DeployCleanlyOptions, ExpectedRepository, PassChecksOptions, ServedBackend } from '../../src/matchers/engine';

(globalThis as { readonly expect?: { extend?(matchers: object): void } }).expect?.extend?.(registryMatchers);
