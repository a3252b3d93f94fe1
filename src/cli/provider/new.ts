import { Command } from 'commander';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { devDependencies, peerDependencies } from '../../../package.json';
import { packageRoot } from '../../../constructs/base/package';
import { version } from '../../common/version';
import { Failure, lineOf, systemError } from '../failure';

/** `repoform provider new`: creates a package for a new provider. */
export function providerNewCommand(): Command {
  return new Command('new')
    .summary('create a package for a provider of your own')
    .description(
      'Creates an npm package for a Terraform provider of your own: a definition, its tests, a small test server, an app to try it out, and a README. Existing files are never overwritten.',
    )
    .helpOption('-h, --help', 'print this help')
    .argument('<name>', 'the name of the provider, e.g. acme; its resources are then acme_...')
    .option('--dir <dir>', 'the folder to create (default: terraform-provider-NAME)')
    .action((name: string, { dir = `terraform-provider-${name}` }: { readonly dir?: string }) => {
      const files = makePackage(name, resolve(dir));
      process.stdout.write(`Created the package of the provider ${name} in ${dir}:
${files.map((file) => `  ${file}`).join('\n')}

Next:
  cd ${dir}
  npm install
  npm test
  npm run build
Its README.md explains how to try it and what to do next. For plain HCL, install the executable with
"npx repoform provider install --package . --dir ./mirror" after the build.
`);
    });
}

/** Writes the files; answers their paths below the folder. */
function makePackage(name: string, folder: string): string[] {
  if (!/^[a-z][a-z0-9]*$/.test(name) || name === 'terraform')
    throw new Failure(
      `"${name}" cannot be the name of a provider; use lower-case letters and digits, starting with a letter, and not "terraform", e.g. acme`,
    );
  const template = join(packageRoot(), 'templates/provider');
  const files = filesIn(template).map((file) => relative(template, file));
  const targetOf = (file: string): string => (basename(file) === 'gitignore' ? join(dirname(file), '.gitignore') : file);
  const taken = files.map(targetOf).find((file) => existsSync(join(folder, file)));
  if (taken !== undefined)
    throw new Failure(`${join(folder, taken)} already exists and is not overwritten; choose another folder with --dir`);
  for (const file of files) write(join(folder, targetOf(file)), filled(readFileSync(join(template, file), 'utf8'), { name, file }));
  return files.map(targetOf);
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? filesIn(join(folder, entry.name)) : [join(folder, entry.name)]))
    .sort();
}

function filled(text: string, { name, file }: { readonly name: string; readonly file: string }): string {
  const named = text
    .replaceAll('acme', name)
    .replaceAll('Acme', name.charAt(0).toUpperCase() + name.slice(1))
    .replaceAll('ACME', name.toUpperCase());
  if (file !== 'package.json') return named;
  const about = JSON.parse(named) as Readonly<Record<string, unknown>>;
  const versioned = Object.entries(versions).map(([kind, known]) => [kind, versionsFor(about[kind] as object, known)] as const);
  return `${JSON.stringify({ ...about, ...Object.fromEntries(versioned) }, null, 2)}\n`;
}

/** The versions that this package is made with. What users may install is wider than what installs beside all the rest. */
const versions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  dependencies: { repoform: `^${version}` },
  peerDependencies,
  devDependencies: { ...peerDependencies, ...devDependencies },
};

const versionsFor = (dependencies: object, known: Readonly<Record<string, string>>): object =>
  Object.fromEntries(Object.keys(dependencies).map((name) => [name, known[name] ?? '*']));

function write(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { flag: 'wx' });
  } catch (thrown) {
    if (!systemError(thrown)) throw thrown;
    throw new Failure(`cannot write ${path}: ${lineOf(thrown)}; choose another folder with --dir`);
  }
}
