import type { ProviderDefinition } from '../schema/provider';
import { artifactapi } from './artifactapi';
import { bkrepo } from './bkrepo';

/** Every provider, by its name. */
export const providers: readonly ProviderDefinition[] = [artifactapi, bkrepo];
