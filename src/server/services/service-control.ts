import { ADDRESS_GROUPS_SETTING, addressMatcher, readAddressGroups } from '../../config/address-groups.ts';
import {
  DEFAULT_SERVICES,
  readServices,
  SERVICE_NAMES,
  SERVICES_SETTING,
  type ServiceName,
} from '../../config/service-settings.ts';
import type { Log } from '../../observe/log.ts';
import type { DirectoryStore } from '../../store/directory-store.ts';

/** What a service is held to now. */
export interface ServiceTerms {
  readonly isRunning: boolean;
  /** 0: no limit. */
  readonly maxConnections: number;
  /** Null: all addresses are served. */
  readonly serves: ((address: string) => boolean) | null;
}

/** What is done when a service is started or stopped. */
export interface ServiceWork {
  /** Rejects with a sentence when it cannot be. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Requests under way from addresses that are not served any more need not wait on. */
  narrow?(serves: (address: string) => boolean): void;
}

const OPEN: ServiceTerms = { isRunning: true, maxConnections: 0, serves: null };

/** Which services run, and what each is held to, ready to be asked by each request. */
export class ServiceControl {
  readonly #directory: Pick<DirectoryStore, 'setting'>;
  readonly #log: Log;
  readonly #terms = new Map<ServiceName, ServiceTerms>();
  readonly #work = new Map<ServiceName, ServiceWork>();
  /** One change after the other, so that what is said last holds. */
  #changing: Promise<unknown> = Promise.resolve();

  constructor({ directory, log }: { directory: Pick<DirectoryStore, 'setting'>; log: Log }) {
    this.#directory = directory;
    this.#log = log;
  }

  /** Reads what is set; services run or not as they are to at a start. */
  async load(): Promise<void> {
    const services = readServices(await this.#directory.setting(SERVICES_SETTING));
    for (const name of SERVICE_NAMES) {
      const isRunning = services[name].startsAutomatically;
      this.#terms.set(name, { ...OPEN, isRunning });
      if (!isRunning) this.#log.warn({ service: name }, 'this service is not started by itself: it stays stopped');
    }
    await this.reload();
  }

  /** Puts in force what was set; who runs goes on. */
  async reload(): Promise<void> {
    const services = readServices(await this.#directory.setting(SERVICES_SETTING));
    const groups = readAddressGroups(await this.#directory.setting(ADDRESS_GROUPS_SETTING));
    for (const name of SERVICE_NAMES) {
      const { maxConnections, addressGroup } = services[name] ?? DEFAULT_SERVICES[name];
      // A group that is not there holds nobody.
      const ranges = addressGroup !== null && Object.hasOwn(groups, addressGroup) ? (groups[addressGroup] ?? []) : [];
      const serves = addressGroup === null ? null : addressMatcher(ranges);
      this.#terms.set(name, { isRunning: this.termsOf(name).isRunning, maxConnections, serves });
      if (serves !== null) this.#work.get(name)?.narrow?.(serves);
    }
  }

  termsOf(name: ServiceName): ServiceTerms {
    return this.#terms.get(name) ?? OPEN;
  }

  /** What is done at a start and a stop, beyond that requests are taken or not. */
  onChange(name: ServiceName, work: ServiceWork): void {
    this.#work.set(name, work);
  }

  start(name: ServiceName): Promise<void> {
    return this.#change(name, true);
  }

  stop(name: ServiceName): Promise<void> {
    return this.#change(name, false);
  }

  #change(name: ServiceName, isRunning: boolean): Promise<void> {
    const change = this.#changing.then(async () => {
      if (this.termsOf(name).isRunning === isRunning) return;
      const work = this.#work.get(name);
      // First nothing new is taken, and only what works is taken again.
      if (!isRunning) this.#setRunning(name, false);
      await (isRunning ? work?.start() : work?.stop());
      if (isRunning) this.#setRunning(name, true);
      this.#log.info({ service: name }, isRunning ? 'service started' : 'service stopped');
    });
    // The next change does not suffer from this one's failure, which its caller hears.
    this.#changing = change.catch(() => undefined);
    return change;
  }

  #setRunning(name: ServiceName, isRunning: boolean): void {
    this.#terms.set(name, { ...this.termsOf(name), isRunning });
  }
}
