import { clientFormats } from '../../../common/client-config';
import { docComment } from './docs';
import type { ClassSource } from './source';

/** The method that gives the configuration of clients; none when no client of the package type has one. */
export function clientConfigText({ clients, provider }: ClassSource): string[] {
  if (!clients) return [];
  const { kind, packageType } = clients;
  const fixed = typeof packageType === 'string';
  const formats = clientFormats.filter((format) => !fixed || format.packageType === packageType);
  if (formats.length === 0) return [];
  const files = formats.map((format) => `\`${format.name}\` (${fixed ? '' : `${format.packageType}: `}${format.file})`).join(', ');
  const doc = docComment(
    [
      `The configuration text that makes a client use the repository. Formats: ${files}.`,
      'Where the endpoint is not known at synthesis, the provider makes the text when the stack is deployed (Terraform 1.8, OpenTofu 1.7).',
    ],
    '  ',
  );
  const names = formats.map(({ name }) => `'${name}'`).join(' | ');
  const type = fixed ? `'${packageType}'` : `this.${packageType.attribute}Input`;
  return [
    `${doc}
  clientConfig(options: ClientConfigOptions<${names}> = {}): string {
    return clientConfigOf(this, { provider: '${provider}', kind: '${kind}', packageType: ${type} }, options);
  }`,
  ];
}
