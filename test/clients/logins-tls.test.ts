import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bearer } from '../registry/access/support';
import { afterwards, call, cleanUp, tempFolder } from '../registry/helpers';
import { tlsFront } from '../support/tls-front';
import { zipOf } from '../support/zip';
import { filesOf } from './go-support';
import { type Logins, refusal, withLogins } from './logins-support';
import { describeClient, type Run } from './support';

let url: string;
let secrets: Logins['secrets'];
beforeAll(async () => void ({ url, secrets } = await withLogins(['goproxy', 'terraform'])));
afterAll(cleanUp);

/** The files by which a client in a folder of its own trusts the front that ends TLS: some send a login by nothing else. */
async function overTls() {
  const front = await tlsFront(url, tempFolder());
  afterwards(() => front.stop());
  return front;
}

describeClient('go', (go) => {
  test('fetches modules with the token in a .netrc, and says why it may not', async () => {
    const front = await overTls();
    const zip = await zipOf(
      Object.fromEntries(
        Object.entries(filesOf('git.acme.example/tool', 'internal')).map(([name, text]) => [`git.acme.example/tool@v1.0.0/${name}`, text]),
      ),
    );
    const put = await call('PUT', `${url}/api/v2/remotes/goproxy/files/git.acme.example/tool/@v/v1.0.0.zip`, {
      headers: bearer(secrets.writer),
      body: zip,
    });
    expect(put.status).toBe(201);
    const download = (secret: string): ReturnType<Run> => {
      const home = tempFolder();
      writeFileSync(join(home, '.netrc'), `machine ${front.host} login anyone password ${secret}\n`);
      writeFileSync(join(home, 'go.mod'), 'module x\n\ngo 1.21\n');
      const env = {
        HOME: home,
        GOPATH: join(home, 'go'),
        GOPROXY: `${front.url}/api/v1/local/goproxy/`,
        GONOSUMDB: '*',
        GOFLAGS: '-modcacherw -mod=mod',
        SSL_CERT_FILE: front.authority,
        GOTOOLCHAIN: 'local',
      };
      return go(['mod', 'download', '-json', 'git.acme.example/tool@v1.0.0'], { cwd: home, env });
    };
    expect(await download(secrets.reader)).toContain('"Version": "v1.0.0"');
    expect(await refusal(download('wrong'))).toMatch(/401 Unauthorized.*the credentials are not a token/);
    expect(await refusal(download(secrets.other))).toMatch(/403 Forbidden.*the token \S+other\S+ lacks the scope \S+read:goproxy/);
  });
});

describeClient('terraform', (terraform) => {
  test('installs a provider with the token in its configuration, and says that it may not', async () => {
    const front = await overTls();
    const platforms = ['linux_amd64', 'linux_arm64', 'darwin_arm64'];
    for (const platform of platforms) {
      const path = `acme/net/terraform-provider-net_1.0.0_${platform}.zip`;
      const body = await zipOf({ 'terraform-provider-net_v1.0.0': '#!/bin/sh\n' });
      expect((await call('PUT', `${url}/api/v2/remotes/terraform/files/${path}`, { headers: bearer(secrets.writer), body })).status).toBe(
        201,
      );
    }
    const init = (secret: string) => {
      const cwd = tempFolder();
      writeFileSync(
        join(cwd, 'main.tf'),
        `terraform {\n  required_providers {\n    it = { source = "${front.host}/terraform/net" }\n  }\n}\n`,
      );
      writeFileSync(join(cwd, 'rc'), `credentials "${front.host}" {\n  token = "${secret}"\n}\n`);
      const env = { HOME: cwd, TF_CLI_CONFIG_FILE: join(cwd, 'rc'), SSL_CERT_FILE: front.authority, CHECKPOINT_DISABLE: '1' };
      return terraform(['init', '-no-color'], { cwd, env });
    };
    expect(await init(secrets.reader)).toContain(`Installed ${front.host}/terraform/net v1.0.0`);
    expect(await refusal(init('wrong'))).toMatch(/401/);
    expect(await refusal(init(secrets.other))).toContain('rejected the given authentication credentials');
  });
});
