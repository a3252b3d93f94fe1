import { repositoryOf } from './shared';
import { forceDestroy, deleteGuard } from './delete-guard';
import { types } from './types';

export const localRepository = repositoryOf({
  name: 'LOCAL',
  clients: 'local',
  secrets: false,
  description: 'A repository for your own packages.',
  types,
  attributes: { forceDestroy },
  deleteGuard,
  example: {
    minimal: { type: 'GENERIC' },
    full: {
      settings: {
        cleanupStrategy: { enable: true, cleanupType: 'retentionDays', cleanupValue: '30' },
        interceptors: [{ type: 'FILENAME', rules: { filename: '*.zip' } }],
        autoIndex: { enabled: true },
      },
      forceDestroy: true,
    },
  },
});
