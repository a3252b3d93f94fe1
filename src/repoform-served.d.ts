/** What the build puts into an executable: the one provider that it serves. */
declare module 'repoform:served' {
  import type { ProviderDefinition } from './schema/define/provider';

  /** The definition, made when it is asked for: that takes a process about 20 ms. */
  export function definition(): ProviderDefinition;
  /** Its encoded `GetProviderSchema.Response` in base64. */
  export function schema(): string;
}
