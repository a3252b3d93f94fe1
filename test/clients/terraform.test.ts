import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addRemote, cleanUp, registry, tarball, tempFolder, upstream } from '../registry/helpers';
import { describeClient } from './support';

afterEach(cleanUp);

describeClient('terraform', (terraform) => {
  test.each([
    ['relative', 2, (_cdn: string) => '/files/mod.tgz?archive=tar.gz'],
    ['on another host, signed, with a folder', 1, (cdn: string) => `${cdn}/x/mod//folder?archive=tar.gz&sig=1`],
  ])('gets a module through a remote: its address is %s', async (_name, fetches, address) => {
    const archive = tarball({ 'main.tf': 'output "x" { value = 1 }\n', 'folder/main.tf': 'output "y" { value = 2 }\n' });
    const cdn = await upstream((_request, response) => void response.end(archive));
    const up = await upstream((request, response) => {
      const path = String(request.url);
      if (path.endsWith('/versions')) return void response.end('{"modules":[{"versions":[{"version":"1.0.0"}]}]}');
      if (!path.endsWith('/download')) return void response.end(archive);
      response.writeHead(204, { 'x-terraform-get': address(cdn.url) }).end();
    });
    const { url } = await registry();
    await addRemote(url, { name: 't', package_type: 'terraform', base_url: up.url, mutable_ttl: 0 });
    for (let turn = 0; turn < 2; turn++) {
      const cwd = tempFolder();
      const services = `services = { "modules.v1" = "${url}/api/v1/remote/t/v1/modules/" }`;
      writeFileSync(join(cwd, 'rc'), `host "registry.example.com" {\n  ${services}\n}\n`);
      writeFileSync(join(cwd, 'main.tf'), 'module "n" {\n  source  = "registry.example.com/corp/net/aws"\n  version = "1.0.0"\n}\n');
      await terraform(['init', '-no-color'], { cwd, env: { HOME: cwd, TF_CLI_CONFIG_FILE: join(cwd, 'rc'), CHECKPOINT_DISABLE: '1' } });
    }
    // A file without a version in its name may change; one that a version's answer names does not.
    const all = [...cdn.requests, ...up.requests].filter(
      ({ method, url: path }) => method === 'GET' && /^\/(?:files|x)\//.test(String(path)),
    );
    expect(all).toHaveLength(fetches);
  });
});
