import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KnownProviders } from '../../src/plans/known';
import { locate } from '../../src/plans/locate';
import { Session } from '../../src/plans/session';

/** An app with two stacks, which notes with what it was run. */
const app = `const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
const output = process.env.CDKTF_OUTDIR;
const stacks = {};
for (const name of ['a', 'b']) {
  stacks[name] = { name, workingDirectory: 'stacks/' + name };
  mkdirSync(output + '/stacks/' + name, { recursive: true });
  writeFileSync(output + '/stacks/' + name + '/cdk.tf.json', '{}');
}
writeFileSync(output + '/manifest.json', JSON.stringify({ stacks }));
appendFileSync('runs', process.env.CDKTF_CONTEXT_JSON + '\\n');
`;

test('an app is run once, whichever of its stacks are named, with the context that the CDK commands give it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'repoform-session-'));
  try {
    const context = { team: 'payments' };
    const targetVersions = { terraform: '>=1.11.0' };
    const settings = { app: 'node app.js', context, targetVersions, terraformModules: ['./modules/a'] };
    writeFileSync(join(folder, 'cdktf.json'), JSON.stringify(settings));
    writeFileSync(join(folder, 'app.js'), app);
    const env = { ...process.env, CDKTF_CONTEXT_JSON: JSON.stringify({ team: 'other', stage: 'test' }) };
    const session = new Session({ known: new KnownProviders([]), env, planArguments: [], synthesizes: true, timeout: 30_000 });
    const found = [];
    for (const given of ['b', 'a']) found.push(...(await session.stackFolders(locate({ given }, folder) as never)));
    expect(found).toEqual(['b', 'a'].map((name) => join(folder, 'cdktf.out/stacks', name)));
    const runs = readFileSync(join(folder, 'runs'), 'utf8').trimEnd().split('\n');
    expect(runs.map((run) => JSON.parse(run) as object)).toEqual([
      { team: 'payments', stage: 'test', targetVersions, cdktfRelativeModules: ['./modules/a'] },
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
