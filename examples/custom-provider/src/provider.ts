import { connection, defineProvider } from 'repoform/provider';
import { apiKey } from './api-key';
import { member } from './member';
import { team } from './team';

export default defineProvider({
  name: 'crew',
  title: 'Crew',
  description: 'Manages teams, their members and their API keys in Crew, the in-house directory.',
  source: 'registry.terraform.io/example/crew',
  attributes: connection('Crew'),
  resources: [team, member, apiKey],
  example: { endpoint: 'http://127.0.0.1:8000' },
});
