import { Testing } from 'cdktf';
import 'repoform/testing';
import { Clusters, Packages } from './stacks';

test.each([Packages, Clusters])('nothing is unsafe', (Stack) => {
  expect(new Stack(Testing.app(), 'stack')).toPassChecks();
});

test('names of Acme never reach the upstream', () => {
  expect(new Packages(Testing.app(), 'packages')).toHaveRepository({
    kind: 'remote',
    type: 'pypi',
    blocklist: expect.arrayContaining([expect.stringContaining('acme')]),
  });
});
