import { failureOfStatus } from '../../src/client/failures';
import { Redactor, wordsOf } from '../../src/client/redact';

/** The message of a 400 whose body is `text`, when `secret` is known. */
function message(secret: string, text: string): string {
  const redactor = new Redactor();
  redactor.add(secret);
  const call = {
    method: 'POST',
    url: 'http://a',
    idempotent: false,
    requestTimeout: 1000,
    clean: (dirty: string) => redactor.clean(dirty),
  };
  return failureOfStatus(call, { status: 400, contentType: 'text/plain', text, retryAfter: undefined, location: undefined }).error.message;
}

it.each([
  ['across the place where a long text is cut', 'PASSWORDSECRET', `${'x'.repeat(295)}PASSWORDSECRET`, 'PASS'],
  ['with white space in it', 'line1secret\nline2secret  two', 'bad password: line1secret\nline2secret  two', 'line1secret'],
  ['in the spelling of Go', 'p&w<secret>x', '{"password":"p\\u0026w\\u003csecret\\u003ex"}', 'secret\\u003ex'],
  ['in HTML', `a&b"c'd`, '<p>a&amp;b&#34;c&#39;d</p>', 'amp;b'],
  ['as a segment of a path in Go', 'a/b+c&d=secret', 'GET /users/a%2Fb+c&d=secret', 'b+c&d=secret'],
  ['as segments of a path', 'a/b c+secret', 'GET /files/a/b%20c+secret', 'c+secret'],
  ['in a form', 'a b/(secret)', 'x=a+b%2F%28secret%29&y', 'b%2F%28secret'],
  ['with small hex digits', 'a/b+secret', 'x=a%2fb%2bsecret&y', 'b%2bsecret'],
  ['in base64url', '>>>???', 'token Pj4-Pz8_', 'Pj4-'],
])('hides a secret %s', (...[, secret, text, part]) => {
  expect(message(secret, text)).not.toContain(part);
  expect(message('another', text)).toContain(part);
});

it('says of a redirect where it leads and what is usually wrong', () => {
  const call = { method: 'GET', url: 'http://a/x', idempotent: true, requestTimeout: 1000, clean: (text: string) => text };
  const { error, retryable: again } = failureOfStatus(call, {
    status: 302,
    contentType: '',
    text: '',
    retryAfter: undefined,
    location: 'https://a/x',
  });
  expect(error).toMatchObject({
    code: 'unexpected-answer',
    message:
      'GET http://a/x answered 302, a redirect to https://a/x; redirects are not followed; check whether the endpoint needs https or another path, or whether a login page intercepts requests',
  });
  expect(again).toBe(false);
});

it('leaves the words of attribute names alone, so that a password "password" does not show that it is one', () => {
  const redactor = new Redactor(wordsOf('acme', ['client_secret', 'password']));
  for (const secret of ['password', 'secret', 'client_secret', 'passwords']) redactor.add(secret);
  expect(redactor.clean('set password or client_secret, not hunter2 or passwords')).toBe(
    'set password or client_secret, not hunter2 or (sensitive)',
  );
});
