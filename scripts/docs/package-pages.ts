import { type ClientFormat, loginVariables, type Target } from '../../src/common/client-format';
import { packages } from '../../src/common/gen/packages';
import { pascalCase } from '../../src/common/names';
import type { PackageType } from '../../src/common/package-type';
import { bkrepoUrl } from '../../src/common/repository-url';
import { packageTypes } from '../../src/resources/bkrepo/repository/types';

const endpoint = 'https://packages.example.com';

/** The pages of `docs/packages`: for each package type how clients read and publish, with the files that `clientConfig()` makes. */
export function packagePages(): readonly (readonly [path: string, page: string])[] {
  return (packages as readonly PackageType[]).map((type) => [type.name, pageOf(type)]);
}

/** What ecosystems are called at the top of their pages, where that is not the type's name with a capital. */
const titles: Readonly<Record<string, string>> = {
  docker: 'Container images',
  generic: 'Files',
  goproxy: 'Go',
  npm: 'npm',
  pypi: 'Python',
  rpm: 'RPM',
};

function pageOf(type: PackageType): string {
  const name = exampleName(type);
  const reading: Files = { target: { endpoint, kind: 'virtual', name }, lead: '', shows: (text) => !text.startsWith('#') };
  const publishing: Files = {
    target: { endpoint, kind: 'local', name: `${name}-internal` },
    lead: 'Of the local repository, with what publishing needs, ',
    // Not again what differs in nothing but the address.
    shows: (text, format) => text !== format.text({ ...reading.target, name: `${name}-internal` }).replaceAll('/virtual/', '/local/'),
  };
  const parts = [
    `# ${titles[type.name] ?? pascalCase(type.name)}`,
    `How to declare repositories of type \`${type.name}\`, and how clients read from them and publish to them.`,
    '## Declare',
    ...declared(type),
    '## Read',
    type.url,
    ...filesFor(type, reading),
    '## Publish',
    type.publishing,
    type.republishing ?? 'A published file is never overwritten: the server answers 409 if the path already exists.',
    ...filesFor(type, publishing),
    ...bkrepoPart(type),
  ];
  // The texts are written for the pages of resources, one folder deeper.
  return `${parts.join('\n\n').replaceAll('](../../', '](../')}\n`;
}

const exampleName = ({ front, name }: PackageType): string => front?.example.name ?? name;

function declared({ name, title, front, upstream }: PackageType): string[] {
  const reference = (kind: string): string => `../artifactapi/resources/${kind}_${name}.md`;
  const rows = [
    `[\`Remote${pascalCase(name)}\`](${reference('remote')}) | caches an upstream ${title}`,
    `[\`Local${pascalCase(name)}\`](${reference('local')}) | stores your own packages`,
    '[`Virtual`](../artifactapi/resources/virtual.md) | combines several repositories under one name',
  ];
  if (front) rows.unshift(`[\`${front.className}\`](../artifactapi/constructs/${front.className}.md) | all three in one`);
  const table = ['| construct | what it does |', '| --- | --- |', ...rows.map((row) => `| ${row} |`)].join('\n');
  if (!front) return [table];
  const { name: example, privateNames } = front.example;
  const code = `import { ${front.className} } from 'repoform/artifactapi';

const ${example} = new ${front.className}(this, '${example}', {
  name: '${example}',
  upstream: '${upstream}',
  privateNames: [${privateNames.map((text) => `'${text}'`).join(', ')}],
});`;
  return [table, `\`\`\`typescript\n${code}\n\`\`\``, 'Names that match `privateNames` are never fetched from the upstream.'];
}

/** The files to show, and what to say of them. */
interface Files {
  readonly target: Target;
  readonly lead: string;
  readonly shows: (text: string, format: ClientFormat) => boolean;
}

/** The files of the clients of a repository, as `clientConfig()` returns them. */
function filesFor({ clients = [] }: PackageType, { target, lead, shows }: Files): string[] {
  return clients.flatMap((format) => {
    const text = format.text(target);
    if (!shows(text, format)) return [];
    const call = `clientConfig(${clients.length > 1 ? `{ format: '${format.name}' }` : ''})`;
    const file = format.file.replace('<name>', target.name).replace('<registry>', 'packages.example.com');
    const where = file.includes(' ') ? `for ${file}` : `of \`${file}\``;
    return [`${lead}\`${call}\` returns the content ${where}:`, `\`\`\`${languageOf(file)}\n${text}\`\`\``];
  });
}

/** The languages of code blocks, by the endings of files. */
const languages: Readonly<Record<string, string>> = { toml: 'toml', yml: 'yaml', yaml: 'yaml', terraformrc: 'hcl' };
const languageOf = (file: string): string => languages[/(\w+)$/.exec(file)?.[1] ?? ''] ?? 'ini';

/** The same at a BK-Repo, where repositories are in projects and users log in. */
function bkrepoPart(type: PackageType): string[] {
  const [name] = Object.entries(packageTypes).find(([, own]) => own === type.name) ?? [];
  if (name === undefined) return [];
  const path = `payments/${exampleName(type)}`;
  const at = { url: bkrepoUrl(endpoint, name, path), images: path, login: loginVariables('bkrepo') };
  return [
    '## BK-Repo',
    `Repositories of type \`${name}\` have \`clientConfig()\` too. The texts contain no password; [the guide](../guides/bkrepo.md#the-embedded-registry) says how each client logs in.`,
    ...filesFor(type, { target: { endpoint, kind: 'local', name: exampleName(type), at }, lead: '', shows: () => true }),
  ];
}
