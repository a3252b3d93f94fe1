import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { readS3 } from '../../../src/registry/store/s3/settings';
import { type Store } from '../../../src/registry/store/store';
import { describeClient } from '../../clients/support';
import { afterwards, cleanUp, openTestStore, tempFolder, upstream } from '../helpers';
import { KEYS, S3Server } from './s3-server';

afterEach(cleanUp);

const ROLE = 'arn:aws:iam::123456789012:role/registry';
const REGION = { AWS_REGION: 'us-east-1' };
const OWN_KEYS = { AWS_ACCESS_KEY_ID: KEYS.accessKey, AWS_SECRET_ACCESS_KEY: KEYS.secretKey.reveal() };
const ADVICE = 'set MINIO_ACCESS_KEY and MINIO_SECRET_KEY, or configure the AWS SDK';

/** Sets variables of this process until the test is over; none of those that the SDK reads are set otherwise. */
function setVariables(variables: Readonly<Record<string, string>>): void {
  const before = { ...process.env };
  afterwards(() => void (process.env = before));
  const others = Object.keys(process.env).filter((name) => /^(AWS|MINIO)_/.test(name));
  for (const name of others) Reflect.deleteProperty(process.env, name);
  // Where there is nothing else, it would ask the machine that a virtual one runs on.
  Object.assign(process.env, { AWS_EC2_METADATA_DISABLED: 'true', HOME: tempFolder(), ...variables });
}

/** A service for tokens that gives the keys of the S3 server to who has a token of the file, for a minute. */
async function tokenService() {
  const asked: URLSearchParams[] = [];
  const state = { refuses: '', session: '' };
  const { url } = await upstream((request, response) => {
    void text(request).then((body) => {
      asked.push(new URLSearchParams(body));
      response.setHeader('content-type', 'text/xml');
      if (state.refuses !== '') {
        response.statusCode = state.refuses === 'AccessDenied' ? 403 : 400;
        const error = `<Error><Type>Sender</Type><Code>${state.refuses}</Code><Message>no such luck</Message></Error>`;
        return response.end(
          `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">${error}<RequestId>1</RequestId></ErrorResponse>`,
        );
      }
      const until = new Date(Date.now() + 60_000).toISOString();
      const keys = `<AccessKeyId>${KEYS.accessKey}</AccessKeyId><SecretAccessKey>${KEYS.secretKey.reveal()}</SecretAccessKey>`;
      const given = `<Credentials>${keys}${state.session && `<SessionToken>${state.session}</SessionToken>`}<Expiration>${until}</Expiration></Credentials>`;
      const name = `${asked.at(-1)?.get('Action')}`;
      return response.end(
        `<${name}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${name}Result>${given}</${name}Result></${name}Response>`,
      );
    });
  });
  return { url, asked, state };
}

describeClient('versitygw', () => {
  let server: S3Server;
  beforeAll(async () => void (server = await S3Server.start()));
  afterAll(() => server.stop());

  async function open(): Promise<Store> {
    const store = await openTestStore(tempFolder(), { s3: { ...server.bucket(), credentials: undefined } });
    afterwards(() => store.close());
    return store;
  }

  /** Writes content and reads it. */
  async function works(store: Store): Promise<boolean> {
    const content = randomBytes(1000);
    const { hash } = await store.blobs.receive(Readable.from([content]));
    return (await buffer(await store.blobs.read(hash))).equals(content);
  }

  const problem = () =>
    open().then(
      () => 'nothing is wrong',
      (cause: Error) => cause.message.replace(/bucket-\d+ at http:\S+, keys \S+/, 'B'),
    );

  test('the credentials of a profile are used, and of none that does not exist', async () => {
    const file = join(tempFolder(), 'credentials');
    const keys = `aws_access_key_id = ${KEYS.accessKey}\naws_secret_access_key = ${KEYS.secretKey.reveal()}\n`;
    writeFileSync(file, `[default]\naws_access_key_id = wrong\naws_secret_access_key = wrong\n[registry]\n${keys}`);
    setVariables({ AWS_SHARED_CREDENTIALS_FILE: file, AWS_PROFILE: 'registry' });
    expect(await works(await open())).toBe(true);
    process.env['AWS_PROFILE'] = 'misspelt';
    expect(await problem()).toBe(`the bucket B cannot be used: there are no credentials for AWS_PROFILE "misspelt"; ${ADVICE}`);
  });

  test.each(['AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL'])('the usual AWS variables are enough, the server in %s', async (name) => {
    const elsewhere = name === 'AWS_ENDPOINT_URL_S3' ? { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' } : {};
    setVariables({ ...REGION, ...OWN_KEYS, ...elsewhere, [name]: server.endpoint });
    const s3 = readS3({ bucket: server.bucket().bucket, create: true }, process.env);
    const store = await openTestStore(tempFolder(), { s3 });
    afterwards(() => store.close());
    expect([await works(store), server.keys(s3!)]).toEqual([true, expect.arrayContaining([expect.stringMatching(/^blobs\/sha256\//)])]);
    process.env['AWS_SECRET_ACCESS_KEY'] = 'wrong';
    const refusal = `at ${server.endpoint}, keys blobs/* cannot be used: the secret key of the AWS credentials is wrong`;
    await expect(openTestStore(tempFolder(), { s3 })).rejects.toThrow(refusal);
  });

  test('a web identity is exchanged for credentials, which are renewed with the token that the file has then', async () => {
    const { url, asked } = await tokenService();
    const file = join(tempFolder(), 'token');
    writeFileSync(file, 'first');
    setVariables({ ...REGION, AWS_ROLE_ARN: ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: file, AWS_ENDPOINT_URL_STS: url });
    const store = await open();
    expect(await works(store)).toBe(true);
    expect(Object.fromEntries(asked[0] ?? [])).toMatchObject({
      ...{ Action: 'AssumeRoleWithWebIdentity', RoleArn: ROLE, WebIdentityToken: 'first' },
      RoleSessionName: expect.stringMatching(/^aws-sdk-js-session-/) as string,
    });
    writeFileSync(file, 'second');
    for (let time = 0; asked.at(-1)?.get('WebIdentityToken') !== 'second'; time += 1) {
      expect(time).toBeLessThan(100);
      expect(await works(store)).toBe(true);
    }
  });

  // The server of the other tests knows no sessions.
  test.each(['of a web identity', 'in AWS_SESSION_TOKEN'])(
    'the session that belongs to such credentials goes with each request: %s',
    async (where) => {
      const { url, state } = await tokenService();
      state.session = 'of-the-pod';
      const { url: endpoint, requests } = await upstream((_request, response) => response.writeHead(403).end());
      const file = join(tempFolder(), 'token');
      writeFileSync(file, 'first');
      const identity = { AWS_ROLE_ARN: ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: file, AWS_ENDPOINT_URL_STS: url };
      setVariables({ ...REGION, ...(where === 'of a web identity' ? identity : { ...OWN_KEYS, AWS_SESSION_TOKEN: state.session }) });
      const s3 = { bucket: 'bucket', prefix: '', endpoint, create: false };
      await expect(openTestStore(tempFolder(), { s3 })).rejects.toThrow('the AWS credentials may not do this');
      expect(requests.map(({ headers }) => headers['x-amz-security-token'])).toEqual(requests.map(() => 'of-the-pod'));
      expect(requests[0]?.headers.authorization).toContain(`Credential=${KEYS.accessKey}/`);
    },
  );

  test.each(['InvalidIdentityToken', 'AccessDenied', 'ExpiredTokenException'])('who refuses a web identity is named: %s', async (code) => {
    const { url, state } = await tokenService();
    state.refuses = code;
    const file = join(tempFolder(), 'token');
    writeFileSync(file, 'secret-identity');
    setVariables({ ...REGION, AWS_ROLE_ARN: ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: file, AWS_ENDPOINT_URL_STS: url });
    expect(await problem()).toBe(`the bucket B cannot be used: the AWS token service gives no credentials: ${code}: no such luck`);
  });

  test.each([
    ['none', {}, `there are no credentials; ${ADVICE}`],
    [
      'a role without a token',
      { AWS_ROLE_ARN: ROLE },
      `there are no credentials, and AWS_ROLE_ARN is set without AWS_WEB_IDENTITY_TOKEN_FILE; ${ADVICE}`,
    ],
    [
      'a token that is not there',
      { AWS_ROLE_ARN: ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: '/nowhere/token' },
      "ENOENT: no such file or directory, open '/nowhere/token'",
    ],
  ])('what is wrong with the variables is said: %s', async (_what, variables, said) => {
    setVariables({ ...REGION, ...variables });
    expect(await problem()).toBe(`the bucket B cannot be used: ${said}`);
  });
});
