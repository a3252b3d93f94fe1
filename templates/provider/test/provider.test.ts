import { contractTests } from 'repoform/provider/testing';
import provider from '../src/provider';
import { startServer } from './server';

contractTests(provider, { start: () => startServer() });
