import { generateCodecs } from './generate-codecs';
import { generateLists } from './generate-lists';

/** Makes everything that is derived from something else and committed. */
export async function generate(): Promise<void> {
  generateLists();
  generateCodecs();
  // Loaded only now, since definitions are made from the lists.
  const { generateConstructs } = await import('./generate-constructs');
  generateConstructs();
}

if (require.main === module) void generate();
