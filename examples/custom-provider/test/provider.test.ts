import { contractTests } from 'repoform/provider/testing';
import { startCrew } from '../server';
import provider from '../src/provider';

contractTests(provider, {
  start: async () => ({ ...(await startCrew()), config: { token: 'crew' } }),
  configurations: 30,
});
