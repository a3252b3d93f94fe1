import { ArgumentError } from '../../../schema/define/errors';
import { clientFormats } from '../../../common/client-config';
import { type FunctionDefinition } from '../../../schema/define/function';
import { targetOf, targetParameters } from './arguments';

const formats = clientFormats.map(({ name, packageType, file }) => `\`${name}\` (${packageType}: ${file})`).join(', ');

export const clientConfig: FunctionDefinition = {
  name: 'client_config',
  summary: 'The configuration text that makes a client use a repository.',
  description: `The configuration text that makes a client use a repository. Formats: ${formats}.`,
  parameters: [{ name: 'format', type: 'string', description: 'The format, e.g. `npmrc`.' }, ...targetParameters],
  returns: 'string',
  call(args) {
    const format = clientFormats.find(({ name }) => name === args[0]);
    if (!format)
      throw new ArgumentError(`"${String(args[0])}" is no format; allowed are ${clientFormats.map(({ name }) => name).join(', ')}`, 0);
    return format.text(targetOf(args, 1));
  },
  example: {
    call: 'provider::artifactapi::client_config("npmrc", "https://artifacts.example.com", "remote", "npm")',
    gives: 'registry=https://artifacts.example.com/api/v1/remote/npm/\nreplace-registry-host=always\n',
  },
};
