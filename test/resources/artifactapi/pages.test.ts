import { artifactapi } from '../../../src/resources/artifactapi';
import { startServer } from '../../../src/testing/http-server';
import { readData } from '../../../src/testing/read-subject';
import { configured } from '../../../src/testing/target';

test.each(['artifactapi_health', 'artifactapi_stats'])('the page of a gateway is no answer to %s', async (type) => {
  const page = { status: 200, text: '<!doctype html><title>Log in</title>', headers: { 'content-type': 'text/html' } };
  const server = await startServer(() => page);
  const { state, errors } = await readData(await configured(artifactapi, { endpoint: server.endpoint }), type, {});
  await server.stop();
  expect(state).toBeNull();
  expect(errors).toEqual([expect.stringMatching(/^Unexpected Answer: Cannot read data source .*should be JSON/s)]);
});
