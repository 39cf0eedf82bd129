/** Loaded into a server under measurement (`--import`, with `--expose-gc`): tells on request what it holds after a collection. */
process.on('message', () => {
  // Twice: the first frees what finalisers still held.
  globalThis.gc?.();
  globalThis.gc?.();
  process.send?.(process.memoryUsage());
});
// A bench that is cut short leaves no server behind.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
