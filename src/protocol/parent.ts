const INTERVAL = 500;

/** Calls `orphaned` when the process that started this one is gone; Terraform's own end may come by SIGKILL. */
export function watchParent(orphaned: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    orphaned();
  }, INTERVAL);
  timer.unref();
}
