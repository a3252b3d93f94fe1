import type { ProviderDefinition } from '../schema/define';
import type * as artifactapi from './artifactapi';
import type * as bkrepo from './bkrepo';
import type * as kubesphere from './kubesphere';

/** Typed by hand, so that a definition is loaded only when its provider is asked for and yet stays in the same bundle. */
declare function require(path: './artifactapi'): typeof artifactapi;
declare function require(path: './bkrepo'): typeof bkrepo;
declare function require(path: './kubesphere'): typeof kubesphere;

/** Every provider, by its name, loaded when called: making one's definitions takes a process about 20 ms. */
export const loaders: Readonly<Record<string, () => ProviderDefinition>> = {
  artifactapi: () => require('./artifactapi').artifactapi,
  bkrepo: () => require('./bkrepo').bkrepo,
  kubesphere: () => require('./kubesphere').kubesphere,
};
