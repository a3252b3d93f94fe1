import { describePostgres, everyTestOf } from '../postgres';

describePostgres(() => everyTestOf(__dirname, ['archive', 'check', 'repair']));
