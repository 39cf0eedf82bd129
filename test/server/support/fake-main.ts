// The server's process with a small backend: what signals do can only be seen from outside.
import { runProcess } from '../../../src/server/run-process.ts';
import { fakeBackend, openFake } from './fake-backend.ts';

const backend = fakeBackend(
  async (ctx) => {
    if (ctx.path === '/calendars/throw')
      setImmediate(() => {
        throw new Error('outside of any request');
      });
    for await (const _chunk of ctx.req) {
      /* the answer waits for the whole body */
    }
    ctx.body = 'whole answer';
  },
  process.env.FIRST_USER ? { address: 'admin@example.org', password: 'first-password' } : null,
);
delete process.env.FIRST_USER;
await runProcess(process.argv.slice(2), openFake(backend));
