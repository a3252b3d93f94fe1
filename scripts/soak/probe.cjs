'use strict';
// Loaded into a registry before its own program (--require, with --expose-gc): answers to its parent what memory is in use after collection.
const { isMainThread } = process.getBuiltinModule('node:worker_threads');

if (isMainThread && process.channel) {
  process.on('message', ({ heapSnapshot }) => {
    if (heapSnapshot) return void process.send({ file: process.getBuiltinModule('node:v8').writeHeapSnapshot(heapSnapshot) });
    let rounds = 0;
    const collect = () => {
      globalThis.gc();
      // What finalizers let go of is free after a further round.
      if (++rounds < 4) return void setTimeout(collect, 50);
      const resources = {};
      for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1;
      process.send({ memory: process.memoryUsage(), resources });
    };
    collect();
  });
  // Its parent is gone.
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel.unref();
}
