import type { ProviderDefinition } from '../schema/provider';
import { artifactapi } from './artifactapi';

/** Every provider, by its name. */
export const providers: readonly ProviderDefinition[] = [artifactapi];
