import { GatewayError } from '../../../src/domain/errors.ts';
import type { EasServerOptions } from './support.ts';

/** A store that refuses all writes from the moment on at which it is told to. */
export function failingStore(): {
  readonly change: NonNullable<EasServerOptions['change']>;
  readonly fail: () => void;
} {
  let isDown = false;
  return {
    fail: () => {
      isDown = true;
    },
    change: (environment) => {
      const { store } = environment.sync;
      const write: typeof store.write = async (...args) => {
        if (isDown) throw new GatewayError('store-unavailable', { reason: 'closed' });
        return store.write(...args);
      };
      return { ...environment, sync: { ...environment.sync, store: { read: (id) => store.read(id), write } } };
    },
  };
}
