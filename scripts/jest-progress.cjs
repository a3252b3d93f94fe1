/** Says every half minute how far the tests are: a run takes minutes, and files are reported only when they end. */
module.exports = class {
  onRunStart({ numTotalTestSuites: all }) {
    this.all = all;
    this.done = 0;
    this.began = Date.now();
    process.stderr.write(`${all} test files; "npm test" takes about 24 minutes on 2 cores, all tests about 42\n`);
    this.timer = setInterval(() => this.tell(), 30_000);
    this.timer.unref();
  }

  onTestFileResult() {
    this.done += 1;
  }

  onRunComplete() {
    clearInterval(this.timer);
  }

  /** One that began to run has no say in how it ends. */
  getLastError() {
    return undefined;
  }

  tell() {
    const seconds = Math.round((Date.now() - this.began) / 1000);
    process.stderr.write(`${this.done} of ${this.all} test files after ${Math.floor(seconds / 60)} min ${seconds % 60} s\n`);
  }
};
