import { onStrict } from './support/workspace';

const remotes = (count: number): string => `
resource "artifactapi_remote_generic" "r" {
  count    = ${count}
  name     = "r-\${count.index}"
  base_url = "https://files.example.com"
}
`;
const addresses = (count: number): string[] => Array.from({ length: count }, (_, index) => `artifactapi_remote_generic.r[${index}]`);

onStrict('a wrong path in the endpoint removes nothing from the state, neither at a plan nor at a destroy', async (workspace) => {
  await workspace.apply(remotes(6));
  const wrong = workspace.header.replace(workspace.endpoint, `${workspace.endpoint}/wrong`) + remotes(6);
  expect(await workspace.failPlan(wrong)).toMatch(/Error: Unexpected Answer/);
  expect(await workspace.failApply(wrong)).toMatch(/answered 404[^]*may come from a gateway or a wrong path/);
  workspace.write(wrong);
  const destroyed = await workspace.terraform(['destroy', '-auto-approve', '-input=false', '-refresh=false']);
  expect([destroyed.status, (await workspace.addresses()).sort()]).toEqual([1, addresses(6)]);
  workspace.write(remotes(6));
  await workspace.expectEmptyPlan();
});

onStrict('a server that was emptied is planned anew, with one warning that counts what is gone', async (workspace) => {
  await workspace.apply(remotes(25));
  for (let index = 0; index < 25; index += 1) await workspace.call('DELETE', `/api/v2/remotes/r-${index}`);
  const { said, text } = await workspace.terraform(['plan', '-input=false']);
  expect(text).toContain('Plan: 25 to add, 0 to change, 0 to destroy.');
  expect(said.match(/Warning: /g)).toHaveLength(1);
  expect(said).toContain(`The server at ${workspace.endpoint} answers, but its lists are empty: 25 objects in this state are gone`);
  await workspace.apply();
  await workspace.expectEmptyPlan();
});
