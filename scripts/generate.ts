import { generateCodecs } from './generate-codecs';
import { generateLists } from './generate-lists';
import { generateRules } from './rules/generate';

/** Makes everything that is derived from something else and committed. */
export async function generate(): Promise<void> {
  generateLists();
  generateRules();
  generateCodecs();
  // Loaded only now, since definitions are made from the lists.
  const { generateConstructs } = await import('./generate-constructs');
  generateConstructs();
}

if (require.main === module) void generate();
