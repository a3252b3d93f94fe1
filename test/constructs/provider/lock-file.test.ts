import { lockBlocks, mergeLock } from '../../../constructs/provider/lock-file';
import { noteOthers } from '../../../constructs/provider/lock-note';

const source = 'registry.terraform.io/repoform/artifactapi';
const entry = { source, version: '1.2.0', hash: 'h1:new=' };
const head = '# This file is maintained automatically by "terraform init".\n# Manual edits may be lost in future updates.\n';
const block = (version: string, ...hashes: string[]): string =>
  `provider "${source}" {\n  version     = "${version}"\n  constraints = "${version}"\n  hashes = [\n${hashes.map((hash) => `    "${hash}",\n`).join('')}  ]\n}\n`;
const other = `provider "registry.terraform.io/hashicorp/null" {
  version = "3.2.3"
  # kept as it is
  constraints="~> 3.2"
    hashes = [ "h1:abc=",
  "zh:def", ]
}
`;

test('a lock file is made where there is none', () => {
  expect(mergeLock(undefined, entry)).toBe(`${head}\n${block('1.2.0', 'h1:new=')}`);
});

const merges: readonly (readonly [string, string, string])[] = [
  ['an entry is added after those of other providers', `${head}\n${other}`, `${head}\n${other}\n${block('1.2.0', 'h1:new=')}`],
  ['an older version is replaced', `${head}\n${block('1.1.0', 'h1:old=')}\n${other}`, `${head}\n${block('1.2.0', 'h1:new=')}\n${other}`],
  ['a newer version is replaced', `${other}\n${block('2.0.0', 'h1:old=')}`, `${other}\n${block('1.2.0', 'h1:new=')}`],
  ['hashes of the same version stay', block('1.2.0', 'zh:packed', 'h1:build='), block('1.2.0', 'h1:build=', 'h1:new=', 'zh:packed')],
  [
    'an entry that is right stays byte for byte',
    `${other}\n${block('1.2.0', 'zh:1', 'h1:new=')}\n\n`,
    `${other}\n${block('1.2.0', 'zh:1', 'h1:new=')}\n\n`,
  ],
  ['a file without a line end gets one', other.trimEnd(), `${other}\n${block('1.2.0', 'h1:new=')}`],
  [
    'a provider of the same name elsewhere is another',
    block('1.0.0', 'h1:x=').replace('registry.terraform.io', 'example.com'),
    `${block('1.0.0', 'h1:x=').replace('registry.terraform.io', 'example.com')}\n${block('1.2.0', 'h1:new=')}`,
  ],
];

test.each(merges)('%s', (_, before, after) => {
  expect(mergeLock(before, entry)).toBe(after);
  expect(mergeLock(after, entry)).toBe(after);
});

test('entries are read with their constraints, and comments are not entries', () => {
  expect(lockBlocks(`/* provider "a/b/c" {\n}\n*/\n${other}`).map(({ source: name, constraints }) => [name, constraints])).toEqual([
    ['registry.terraform.io/hashicorp/null', '~> 3.2'],
  ]);
});

/** How the cdktf command reads a lock file: line by line, comments too. */
function asTheCommandReads(text: string): Record<string, string | undefined> {
  const found: Record<string, string | undefined> = {};
  let current: string | undefined;
  for (const line of text.split('\n')) {
    if (current === undefined) {
      current = /provider "(.*)"/.exec(line)?.[1];
      if (current !== undefined) found[current] = undefined;
    } else {
      const constraints = /^\s*constraints\s+=\s+"(.*)"/.exec(line)?.[1];
      if (constraints !== undefined) found[current] = constraints;
      else if (/^\s*}/.test(line)) current = undefined;
    }
  }
  return found;
}

test('a provider that is not locked yet is noted for the command, and Terraform does not see it', () => {
  const text = noteOthers(block('1.2.0', 'h1:new='), [{ source: 'kubernetes', version: '2.38.0' }]);
  expect(asTheCommandReads(text)).toEqual({ [source]: '1.2.0', 'registry.terraform.io/hashicorp/kubernetes': '' });
  expect(lockBlocks(text).map((one) => one.source)).toEqual([source]);
});

test('the note goes when the provider is locked, and nothing else changes', () => {
  const locked = block('1.2.0', 'h1:new=') + '\n' + block('2.38.0', 'h1:k=').replace(source, 'registry.terraform.io/hashicorp/kubernetes');
  const noted = noteOthers(locked, [{ source: 'acme/other', version: '1.0.0' }]);
  expect(noted).not.toBe(locked);
  expect(noteOthers(noted, [{ source: 'hashicorp/kubernetes', version: '2.38.0' }])).toBe(locked);
});

test('when another version is wanted, the command still sees that an upgrade is due', () => {
  const locked = block('2.38.0', 'h1:k=').replace(source, 'registry.terraform.io/hashicorp/kubernetes');
  const text = noteOthers(locked, [{ source: 'registry.terraform.io/hashicorp/kubernetes', version: '3.0.0' }]);
  expect(asTheCommandReads(text)).toEqual({ 'registry.terraform.io/hashicorp/kubernetes': '', 'hashicorp/kubernetes': '2.38.0' });
});
