/** What is in `lib/provider/library.js`: all that works with definitions in one file, so that there is one of each thing in it. */
export * as provider from './schema/define';
export * as build from './build';
export * as testing from './testing';
