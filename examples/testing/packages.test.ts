import { Testing } from 'cdktf';
import 'repoform/testing';
import { Packages } from './packages';

// A stack belongs to one test: matchers synthesize it.
const packages = (): Packages => new Packages(Testing.app(), 'packages');

test('names of Acme never reach the upstream', () => {
  expect(packages()).toHaveRepository({
    kind: 'remote',
    type: 'npm',
    baseUrl: 'https://npm.example.com',
    blocklist: expect.arrayContaining([expect.stringContaining('acme')]),
  });
});

test('clients use one virtual', () => {
  expect(packages()).toHaveRepository({ kind: 'virtual', type: 'npm', name: 'npm' });
});

test('nothing is unsafe', () => {
  expect(packages()).toPassChecks();
});

// Needs Terraform or OpenTofu.
test('it deploys, plans empty and can be destroyed', async () => {
  await expect(packages()).toDeployCleanly();
}, 60_000);
