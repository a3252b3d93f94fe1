import type { ProviderDefinition } from '../schema/define';
import { loaders } from './load';

/** Every provider. A process that serves one of them takes it from `loaders`. */
export const providers: readonly ProviderDefinition[] = Object.values(loaders).map((load) => load());
