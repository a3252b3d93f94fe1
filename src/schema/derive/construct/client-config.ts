import { clientFormats } from '../../../common/client-config';
import { docComment } from './docs';
import type { ClassSource } from './source';

/** The method for the configuration of clients; none if the package type has no format for it. */
export function clientConfigText({ clients, provider }: ClassSource): string[] {
  if (!clients) return [];
  const { kind, packageType } = clients;
  const fixed = typeof packageType === 'string';
  const formats = clientFormats.filter((format) => !fixed || format.packageType === packageType);
  if (formats.length === 0) return [];
  const files = formats.map((format) => `\`${format.name}\` (${fixed ? '' : `${format.packageType}: `}${format.file})`).join(', ');
  const doc = docComment(
    [
      `The configuration text that points a client at the repository. Formats: ${files}.`,
      'If the endpoint is not known at synthesis, the provider computes the text at deployment, which needs Terraform 1.8 or OpenTofu 1.7.',
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
