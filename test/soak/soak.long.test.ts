import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { root } from '../../scripts/bench/workspace';
import { postgresPrograms } from '../registry/postgres';

test('for two minutes of real clients, failing upstreams and killed processes nothing is lost, wrong or left over', async () => {
  const setups = postgresPrograms() || process.env['REPOFORM_CLIENTS'] === 'required' ? 'single,replicas' : 'single';
  const { PATH, HOME, TOOLS, REPOFORM_CLIENTS } = process.env;
  const child = spawn('node_modules/.bin/tsx', ['scripts/soak/main.ts', '--minutes', '2', '--setups', setups], {
    cwd: root,
    env: { PATH, HOME, TOOLS, REPOFORM_CLIENTS },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (text: Buffer) => (said += text.toString()));
  const [code] = (await once(child, 'exit')) as [number | null];
  // Everything that broke is in what it said, with the seed to run it again.
  expect(said).toContain('nothing broke');
  expect(code).toBe(0);
}, 900_000);
