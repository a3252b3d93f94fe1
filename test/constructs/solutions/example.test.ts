import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRegistry } from '../../../src/registry/server';
import { expectStatus, run } from '../../acceptance/support/command';
import { built, cleanEnvironment, root } from '../../acceptance/support/environment';

const minutes = 60_000;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'repoform-example-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test(
  'the example of the solutions synthesizes, is valid and deploys',
  async () => {
    built('lib/cdktf/artifactapi.js');
    const registry = await startRegistry({ data: join(folder, 'registry'), port: 0, closeGraceMs: 0 });
    try {
      const example = join(root, 'examples/solutions');
      const { app } = JSON.parse(readFileSync(join(example, 'cdktf.json'), 'utf8')) as { app: string };
      const out = join(folder, 'out');
      const env = cleanEnvironment(folder, { ARTIFACTAPI_ENDPOINT: registry.url, CDKTF_OUTDIR: out });
      const [command = '', ...args] = app.split(' ');
      expectStatus(await run(command, args, { cwd: example, env }), 0);

      const cwd = join(out, 'stacks/solutions');
      const terraform = async (...line: string[]): Promise<string> => expectStatus(await run('terraform', line, { cwd, env }), 0).text;
      await terraform('init', '-input=false', `-backend-config=path=${join(folder, 'terraform.tfstate')}`);
      await terraform('validate');
      await terraform('apply', '-auto-approve', '-input=false');
      await terraform('plan', '-input=false', '-detailed-exitcode');
      const outputs = JSON.parse(await terraform('output', '-json')) as Record<string, { value: unknown }>;
      expect(Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]))).toEqual({
        npmrc: `registry=${registry.url}/api/v1/virtual/npm/\nreplace-registry-host=always\n`,
        pip_conf: `[global]\nindex-url = ${registry.url}/api/v1/virtual/python/simple/\ntrusted-host = ${new URL(registry.url).host}\n`,
        internal_url: `${registry.url}/api/v1/local/npm-internal`,
        is_blocked: true,
      });
    } finally {
      await registry.close();
    }
  },
  2 * minutes,
);
