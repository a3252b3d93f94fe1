import { guarded } from '../registry/access/support';
import { cleanUp, tempFolder } from '../registry/helpers';
import { expectStatus } from './support/command';
import { layProvider, Workspace } from './support/workspace';

afterAll(cleanUp);

const team = (more = '') => `
resource "artifactapi_remote_npm" "open" {
  name     = "team-open"
  base_url = "https://npm.example.com"
}
resource "artifactapi_local_npm" "own" {
  name = "team-own"${more}
}
resource "artifactapi_virtual" "all" {
  name         = "team-all"
  package_type = "npm"
  members      = [artifactapi_local_npm.own.name, artifactapi_remote_npm.open.name]
}
`;
const other = `
resource "artifactapi_local_npm" "other" {
  name = "other"
}
`;

test('a stack is deployed, planned and destroyed with a token that has the scope for it; one that has less is told what it lacks', async () => {
  const { url, secrets } = await guarded({ deployer: ['admin:team-*'], planner: ['read:team-*'] });
  const folder = tempFolder();
  layProvider(folder, 'artifactapi');
  const workspace = new Workspace(folder, { url });
  const as = (token: string) => ({ ARTIFACTAPI_TOKEN: token });
  const said = async (args: readonly string[], token: string) => {
    const failed = await workspace.terraform([...args, '-input=false', '-no-color'], { env: as(token) });
    return expectStatus(failed, 1).said.replace(/[\s│╷╵]+/g, ' ');
  };

  await workspace.apply(team(), [], as(secrets.deployer));
  await workspace.expectEmptyPlan(as(secrets.deployer));
  await workspace.expectEmptyPlan(as(secrets.planner));

  workspace.write(team('\n  description = "of the team"'));
  expect(await said(['apply', '-auto-approve'], secrets.planner)).toContain(
    'the token "planner" lacks the scope "admin:team-own"; its scopes are read:team-*',
  );
  workspace.write(team() + other);
  expect(await said(['apply', '-auto-approve'], secrets.deployer)).toMatch(
    /the token "deployer" lacks the scope "(?:admin|read):other"; its scopes are admin:team-\*/,
  );
  workspace.write(team());
  await workspace.expectEmptyPlan(as(secrets.deployer));
  expect(await said(['plan'], '')).toContain('a login is required');
  expect(await said(['plan'], 'rft_wrong')).toContain('the credentials are not a token of this registry');
  expect(workspace.file('terraform.tfstate')).not.toContain('rft_');
  expectStatus(await workspace.terraform(['destroy', '-auto-approve', '-input=false'], { env: as(secrets.deployer) }), 0);
  expect(await workspace.addresses()).toEqual([]);
}, 120_000);
