import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ResourceDefinition } from '../../src/schema/define/definition';
import { fieldsOfResource } from '../../src/testing/examples';
import { startServer } from '../../src/testing/http-server';
import { bundle } from '../support/bundle';
import { keeper, keeping } from '../support/keeper';
import { MadeUpServer } from '../support/made-up';
import { platform } from './support/environment';
import { onCores } from './support/on-cores';
import { requirementOf, sourceOf, Workspace } from './support/workspace';

/** What core makes of secrets, and of values that only the server sets, inside objects, maps and lists. */
const words = ['key-of-ann', 'key-of-bob', 'key-of-eve', 'newer-key', 'the-password', 'the-token', 'the-pin'];

interface Kept {
  readonly workspace: Workspace;
  readonly bodies: MadeUpServer['bodies'];
}

async function inKeeper(core: Workspace['core'], recipe: (kept: Kept) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'repoform-keeper-'));
  const made = new MadeUpServer(fieldsOfResource(keeper.resources[0] as ResourceDefinition), keeping);
  const server = await startServer(made.answer);
  try {
    const place = join(folder, 'terraform.d/plugins', sourceOf('keeper'), '1.0.0', platform);
    mkdirSync(place, { recursive: true });
    bundle(join(__dirname, 'fixtures/keeper-provider.ts'), join(place, 'terraform-provider-keeper_v1.0.0'));
    await recipe({ workspace: new Workspace(folder, { url: server.endpoint }, core), bodies: made.bodies });
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const hcl = (endpoint: string, users: readonly (readonly [name: string, key: string])[], note = 'first'): string => `
${requirementOf('keeper')}
provider "keeper" {
  endpoint = "${endpoint}"
}
resource "keeper_team" "core" {
  name  = "core"
  note  = "${note}"
  login = { user = "ci", password_wo = "the-password" }
  hooks = { "a.b" = { url = "https://hooks.example.com", token_wo = "the-token" } }
  pins  = { door = { pin = "the-pin" } }
  users = [${users.map(([name, key]) => `{ name = "${name}", key_wo = "${key}" }`).join(', ')}]
}
`;

onCores({ name: 'secrets in objects, maps and lists', needs: ['write-only attributes'] }, (title, core) =>
  test(
    title,
    () =>
      inKeeper(core, async ({ workspace, bodies }) => {
        const log = join(workspace.folder, 'trace.log');
        const env = { TF_LOG: 'TRACE', TF_LOG_PATH: log };
        const config = (...rest: [Parameters<typeof hcl>[1], string?]): string => hcl(workspace.endpoint, ...rest);
        const change = async (text: string): Promise<Record<string, unknown> | undefined> => {
          const { said } = await workspace.apply(text, [], env);
          expect(said).not.toContain('Warning');
          await workspace.expectEmptyPlan(env);
          return bodies.at(-1);
        };
        const [ann, bob, eve] = [
          ['ann', 'key-of-ann'],
          ['bob', 'key-of-bob'],
          ['eve', 'key-of-eve'],
        ] as const;
        expect(await change(config([ann, bob]))).toMatchObject({
          login: { password: 'the-password' },
          hooks: { 'a.b': { token: 'the-token' } },
          pins: { door: { pin: 'the-pin' } },
          users: [{ key: 'key-of-ann' }, { key: 'key-of-bob' }],
        });
        // Another order alone: no revision rises.
        expect(await change(config([bob, ann]))).toMatchObject({ users: [{ key: 'key-of-bob' }, { key: 'key-of-ann' }] });
        expect(revisions(workspace)).toEqual({ bob: 1, ann: 1 });
        await change(config([eve, bob, ['ann', 'newer-key']]));
        expect(revisions(workspace)).toEqual({ eve: 1, bob: 1, ann: 2 });
        expect(await change(config([['ann', 'newer-key']], 'second'))).toMatchObject({ users: [{ key: 'newer-key' }] });
        expect(revisions(workspace)).toEqual({ ann: 2 });
        expect(JSON.stringify(bodies)).not.toContain('made-');
        const written = [workspace.file('terraform.tfstate'), workspace.file('terraform.tfstate.backup'), readFileSync(log, 'utf8')];
        expect(written.map((text) => words.filter((word) => text.includes(word)))).toEqual([[], [], []]);
        expect(written.every((text) => text.length > 0)).toBe(true);
        await workspace.destroy();
      }),
    300_000,
  ),
);

function revisions(workspace: Workspace): Readonly<Record<string, number>> {
  const state = JSON.parse(workspace.file('terraform.tfstate')) as {
    resources: { instances: { attributes: { users: { name: string; key_wo_revision: number }[] } }[] }[];
  };
  const users = state.resources[0]?.instances[0]?.attributes.users ?? [];
  return Object.fromEntries(users.map(({ name, key_wo_revision: revision }) => [name, revision]));
}
