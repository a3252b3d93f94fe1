import { TerraformStack, Testing } from 'cdktf';
import { ArtifactapiProvider, RemoteNpm, Virtual } from 'repoform/artifactapi';
import { TeamDownloads, TeamNpm } from '../src';

function stack(): TerraformStack {
  const made = new TerraformStack(Testing.app(), 'test');
  new ArtifactapiProvider(made, 'artifactapi', { endpoint: 'http://127.0.0.1:8000', installLocally: false });
  return made;
}

test('the repositories of a team are named after it', () => {
  const made = stack();
  new TeamNpm(made, 'npm', { team: 'payments', upstream: 'https://npm.example.com' });
  const text = Testing.synth(made, true);
  expect(text).toHaveResourceWithProperties(Virtual, { name: 'payments-npm' });
  expect(text).toHaveResourceWithProperties(RemoteNpm, { base_url: 'https://npm.example.com' });
});

test.each([
  ['Payments!', 'https://npm.example.com', '"Payments!" is not a team'],
  ['payments', 'https://elsewhere.example.com', '"https://elsewhere.example.com" is not an allowed upstream'],
])('team %s with %s is refused', (team, upstream, message) => {
  const made = stack();
  new TeamDownloads(made, 'downloads', { team, upstream, paths: ['/releases/'] });
  expect(() => Testing.synth(made, true)).toThrow(message);
});
