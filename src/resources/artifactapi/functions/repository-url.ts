import { artifactapiUrl } from '../../../common/repository-url';
import type { FunctionDefinition } from '../../../schema/define/function';
import { targetOf, targetParameters } from './arguments';

export const repositoryUrl: FunctionDefinition = {
  name: 'repository_url',
  summary: 'Where clients fetch from a repository.',
  description: 'Where clients fetch from a repository, without asking the server.',
  parameters: targetParameters,
  returns: 'string',
  call(args) {
    const { endpoint, kind, name } = targetOf(args, 0);
    return artifactapiUrl(endpoint, kind, name);
  },
  example: {
    call: 'provider::artifactapi::repository_url("https://artifacts.example.com", "virtual", "charts")',
    gives: 'https://artifacts.example.com/api/v1/virtual/charts',
  },
};
