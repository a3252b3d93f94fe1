import { generateCodecs } from './generate-codecs';
import { generateConstructs } from './generate-constructs';
import { generatePackages } from './generate-packages';

/** Makes everything that is derived from something else and committed. */
export async function generate(): Promise<void> {
  generatePackages();
  await generateCodecs();
  await generateConstructs();
}

if (require.main === module) void generate();
