import { artifactapiUrl } from '../../../common/repository-url';
import { defineFunction, z } from '../../../schema/define';
import { targetOf, targetParameters } from './target';

export const repositoryUrl = defineFunction({
  name: 'repository_url',
  summary: 'The URL of a repository for clients.',
  description: 'The URL of a repository for clients, computed without a request to the server.',
  parameters: targetParameters,
  returns: z.string(),
  call(args) {
    const { endpoint, kind, name } = targetOf(args);
    return artifactapiUrl(endpoint, kind, name);
  },
  example: {
    call: 'provider::artifactapi::repository_url("https://artifacts.example.com", "virtual", "charts")',
    gives: 'https://artifacts.example.com/api/v1/virtual/charts',
  },
});
