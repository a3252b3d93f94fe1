import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { writeFixture } from './fixture';
import { prepare, versionOf } from './prepare';
import { release, type ReleaseOptions } from './publish';

const root = join(__dirname, '../..');
const program = new Command('release').description('Makes a release. See CONTRIBUTING.md.').showHelpAfterError();

program
  .command('prepare <version>')
  .description('puts the next version into the changelog, package.json and the pages that show it')
  .action((version: string) => {
    prepare(root, version);
    console.log(`prepared ${version}: run npm run build && npm run release -- fixture, then review and commit`);
  });

program
  .command('fixture')
  .description('deploys the estate of the upgrade tests with the built package, and keeps its stack and state in test/upgrade')
  .action(async () => console.log(`wrote ${await writeFixture(root, versionOf(root))}`));

program
  .command('publish', { isDefault: true })
  .description('checks, packs, describes, signs and publishes the built package')
  .option('--dry-run', 'make the files of the release, but publish nothing', false)
  .option('--out <dir>', 'folder for the files of the release', 'release')
  .option('--sign <key>', 'OpenPGP key for the signature of the checksums')
  .option('--no-provenance', 'publish without a provenance statement')
  .option('--registry <url>', "registry to publish to; npm's own setting by default")
  .action(async (options: ReleaseOptions) => {
    for (const file of await release(root, { ...options, out: resolve(options.out) })) console.log(join(options.out, file));
    console.log(options.dryRun ? 'Dry run: nothing was published.' : 'Published.');
  });

program.parseAsync().catch((failure: unknown) => {
  process.stderr.write(`release: ${failure instanceof Error ? failure.message : String(failure)}\n`);
  process.exitCode = 1;
});
