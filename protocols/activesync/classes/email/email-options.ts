import type { BodyPartPreference, RenderOptions } from '../options.ts';

export interface EmailRenderOptions extends RenderOptions {
  /** 0 never MIME, 1 for S/MIME messages only, 2 for all. */
  readonly mimeSupport: 0 | 1 | 2;
  /** Absent: no BodyPart is asked for. */
  readonly bodyPartPreference?: BodyPartPreference;
}
