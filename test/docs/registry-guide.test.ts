import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cleanUp, registry, tempFolder, upstream } from '../registry/helpers';

afterEach(cleanUp);

const guide = readFileSync(join(__dirname, '../../docs/guides/registry.md'), 'utf8');

/** The first block of shell commands below a heading. */
function commandsBelow(heading: string): string {
  const [, commands] = new RegExp(`^#+ ${heading}$.*?^\`\`\`sh\\n(.*?)^\`\`\``, 'ms').exec(guide) ?? [];
  if (commands === undefined) throw new Error(`the guide has no commands below "${heading}"`);
  return commands;
}

test('the commands that create repositories through the API do so, and the file that was uploaded comes back', async () => {
  const server = await upstream((_request, response) => response.end('from upstream'));
  const { url } = await registry();
  const commands = commandsBelow('Through its API')
    .replaceAll('http://127.0.0.1:8000', url)
    .replaceAll('https://downloads.example.com', server.url)
    .replaceAll('curl ', "curl --silent --show-error --noproxy '*' ");
  const { stdout, stderr } = await promisify(execFile)('sh', ['-ec', commands], { cwd: tempFolder() });
  expect([stdout.endsWith('}hello\n'), stderr]).toEqual([true, '']);
  const read = async (path: string) => (await fetch(`${url}/api/v1/${path}`)).text();
  expect(await Promise.all(['remote/tools/a', 'local/tools-internal/1.0/hello.txt', 'virtual/all-tools/a'].map(read))).toEqual([
    'from upstream',
    'hello\n',
    'from upstream',
  ]);
});
