import { connection, defineProvider } from 'repoform/provider';
import { team } from './team';

export default defineProvider({
  name: 'acme',
  title: 'Acme',
  description: 'Manages the teams of Acme.',
  source: 'registry.terraform.io/acme/acme',
  // endpoint, token or username and password, timeouts, proxies, certificates: each from the block or an ACME_... environment variable.
  attributes: connection('Acme'),
  resources: [team],
  example: { endpoint: 'http://127.0.0.1:8000' },
});
