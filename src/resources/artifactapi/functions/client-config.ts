import { clientFormats } from '../../../common/client-config';
import { ArgumentError, attr, defineFunction, z } from '../../../schema/define';
import { targetOf, targetParameters } from './target';

const formats = clientFormats.map(({ name, packageType, file }) => `\`${name}\` (${packageType}: ${file})`).join(', ');

export const clientConfig = defineFunction({
  name: 'client_config',
  summary: 'The configuration that makes a client use a repository.',
  description: `The configuration that makes a client use a repository. Formats: ${formats}.`,
  parameters: { format: attr(z.string(), 'The format, e.g. `npmrc`.'), ...targetParameters },
  returns: z.string(),
  call({ format: wanted, ...target }) {
    const format = clientFormats.find(({ name }) => name === wanted);
    if (!format)
      throw new ArgumentError(`"${wanted}" is not a format; allowed are ${clientFormats.map(({ name }) => name).join(', ')}`, 'format');
    return format.text(targetOf(target));
  },
  example: {
    call: 'provider::artifactapi::client_config("npmrc", "https://artifacts.example.com", "remote", "npm")',
    gives: 'registry=https://artifacts.example.com/api/v1/remote/npm/\nreplace-registry-host=always\n',
  },
});
