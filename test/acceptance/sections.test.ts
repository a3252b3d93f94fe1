import { onStrict, requirementOf } from './support/workspace';

/** What the executable takes from itself only when it is needed has to be there, too. */
const provider = `${requirementOf('artifactapi')}
provider "artifactapi" {
  endpoint    = "http://registry.example.com"
  max_retries = 0
}
`;

onStrict('the executable has the client for proxies', async (workspace) => {
  workspace.write(`${provider}data "artifactapi_health" "here" {}\n`);
  // A port that nothing listens on: the error tells that the proxy was asked.
  const { said } = await workspace.terraform(['plan', '-input=false'], { env: { HTTP_PROXY: 'http://127.0.0.1:9' } });
  expect(said.replace(/[\s│]+/g, ' ')).toContain('the server cannot be reached (connect ECONNREFUSED 127.0.0.1:9)');
});

onStrict('the executable has the engine for patterns', async (workspace) => {
  workspace.write(
    `${provider}resource "artifactapi_remote_npm" "npm" {\n  name     = "npm"\n  base_url = "https://npm.example.com"\n  patterns = ["(?=x)"]\n}\n`,
  );
  const { said } = await workspace.terraform(['validate']);
  expect(said.replace(/[\s│]+/g, ' ')).toContain('the server uses RE2, which has no look-ahead and no look-behind');
});
