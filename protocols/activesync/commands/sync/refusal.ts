import { el, type WbxElement } from '../../wbxml/element.ts';

/** A Sync request that is answered by one status for the whole of it (MS-ASCMD §2.2.3.177.17). */
export class SyncRefusal extends Error {
  /** 13: send the whole request; 14: the wait is out of range; 15: too many collections. */
  readonly status: 13 | 14 | 15;
  /** What is allowed, of 14 and 15 (MS-ASCMD §2.2.3.97). */
  readonly limit: number | null;

  constructor(status: 13 | 14 | 15, message: string, limit: number | null = null) {
    super(message);
    this.name = 'SyncRefusal';
    this.status = status;
    this.limit = limit;
  }

  get document(): WbxElement {
    const limit = this.limit === null ? [] : [el('AirSync:Limit', this.limit)];
    return el('AirSync:Sync', el('AirSync:Status', this.status), limit);
  }
}
