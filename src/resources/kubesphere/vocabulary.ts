/**
 * What can be wrong with a repository's address, by the codes that KubeSphere's own forms have texts for. Servers before 3.1 answer with a
 * code; later ones with the text of the failure, which is classified here.
 */
export const vocabulary: Readonly<Record<number, string>> = {
  101: 'the server does not know the visibility',
  102: 'it is not a URL',
  103: 'the credentials are not in the format that the server reads',
  104: 'the access key id is missing',
  105: 'the secret access key is missing',
  106: 'the object store denies access with these keys',
  107: 'the format of the URL is wrong',
  108: 'the URL does not have the scheme http, which its type requires',
  109: 'KubeSphere has no access to the URL: it cannot reach it from its own network, or the user name or password is wrong or missing',
  110: 'the URL does not have the scheme https, which its type requires',
  111: 'the server does not read repositories of this type',
  112: 'the server does not know the provider of the runtime',
  113: 'there is no Helm repository at the URL: it has no index.yaml, or, for oci, its host is not a registry',
  114: 'the URL does not have the scheme s3, which its type requires',
  115: 'the index.yaml is not the index of a Helm repository',
  901: 'the server could not read it, for an unknown reason',
};

/** The code for what none of the others says. */
export const unexpectedCode = 901;

/** Texts of Go's standard library, Helm and the AWS SDK, and what they mean. */
const meanings: readonly (readonly [RegExp, number])[] = [
  [/unsupported protocol scheme ""/, 102],
  [/unsupported protocol scheme/, 111],
  [/EmptyStaticCreds|static credentials are empty/, 104],
  [/unexpected end of JSON input|invalid character .* looking for beginning/, 103],
  [/AccessDenied|InvalidAccessKeyId|SignatureDoesNotMatch|Forbidden: Forbidden/, 106],
  [/NoSuchBucket|NoSuchKey/, 113],
  [/error unmarshaling JSON|error converting YAML to JSON|no API version specified|cannot unmarshal/, 115],
  [/^parse "|missing ']' in host|invalid port|invalid URL escape|first path segment in URL/, 107],
  [/failed to fetch .* : 40[13]\b|unexpected status code 40[13]/, 109],
  [/failed to fetch |unexpected status code \d/, 113],
  [/dial tcp|no such host|i\/o timeout|context deadline exceeded|Client\.Timeout|connection re(?:fused|set)|x509:|tls:|: EOF$/, 109],
  [/server gave HTTP response to HTTPS client|malformed HTTP/, 109],
];

/** The code for the text with which a server rejects an address; nothing for a text about something else. */
export const codeOf = (text: string): number | undefined => meanings.find(([words]) => words.test(text))?.[1];
