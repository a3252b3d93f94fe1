import { clientFormats } from '../../../common/client-config';
import { loginVariables } from '../../../common/client-format';
import { docComment } from './docs';
import type { ClassSource } from './source';

/** The method for the configuration of clients; none if the package type has no format for it. */
export function clientConfigText({ clients, provider }: ClassSource): string[] {
  if (!clients) return [];
  const { kind, packageType, project } = clients;
  const fixed = typeof packageType === 'string';
  const types = fixed ? [packageType] : packageType.names && Object.values(packageType.names);
  const formats = clientFormats.filter((format) => types?.includes(format.packageType) ?? true);
  if (formats.length === 0) return [];
  const files = formats.map((format) => `\`${format.name}\` (${fixed ? '' : `${format.packageType}: `}${format.file})`).join(', ');
  const doc = docComment(
    [
      `The configuration text that points a client at the repository. Formats: ${files}.`,
      project === undefined
        ? 'If the endpoint is not known at synthesis, the provider computes the text at deployment, which needs Terraform 1.8 or OpenTofu 1.7.'
        : loginText(loginVariables(provider)),
    ],
    '  ',
  );
  const names = formats.map(({ name }) => `'${name}'`).join(' | ');
  const type = fixed ? `'${packageType}'` : `this.${packageType.attribute}Input`;
  const called = fixed || !packageType.names ? '' : `, packageTypes: ${literal(packageType.names)}`;
  const place = project === undefined ? '' : `, project: this.${project}Input`;
  return [
    `${doc}
  clientConfig(options: ClientConfigOptions<${names}> = {}): string {
    return clientConfigOf(this, { provider: '${provider}', kind: '${kind}', packageType: ${type}${called}${place} }, options);
  }`,
  ];
}

function loginText({ username, password }: ReturnType<typeof loginVariables>): string {
  return `It holds no password. npm and yarn read the environment variables \`${username}\` and \`${password}\`, npm the password in Base64 from \`${password}_BASE64\`; others log in their own way, such as \`docker login\`, \`helm repo add --username\`, \`.netrc\` for pip and uv, or \`TWINE_USERNAME\` and \`TWINE_PASSWORD\`. It is a text for Terraform, such as the value of an output: \`$\${\` in it stands for \`\${\`.`;
}

function literal(names: Readonly<Record<string, string>>): string {
  return `{ ${Object.entries(names)
    .map(([key, value]) => `${key}: '${value}'`)
    .join(', ')} }`;
}
