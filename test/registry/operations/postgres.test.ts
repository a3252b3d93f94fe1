import { describePostgres, everyTestOf } from '../postgres';

describePostgres(() => everyTestOf(__dirname, ['space', 'quotas', 'clock']));
