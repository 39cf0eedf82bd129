import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type Koa from 'koa';

export const STATIC_PREFIX = '/admin/static/';

/** In the order in which they are read: a later one may refine what an earlier one said. */
export const STYLES = ['base.css', 'frame.css', 'parts.css', 'tables.css', 'forms.css'] as const;

const CSS = 'text/css; charset=utf-8';

const TYPES = {
  'base.css': CSS,
  'frame.css': CSS,
  'parts.css': CSS,
  'tables.css': CSS,
  'forms.css': CSS,
  'htmx.min.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
} as const;

export type StaticName = keyof typeof TYPES;

interface StaticFile {
  readonly path: string;
  readonly type: string;
  readonly etag: string;
  readonly content: Buffer;
}

/** The files beside the pages. Their addresses have a hash of what is in them, so a browser never asks for one again. */
export interface StaticFiles {
  path(name: StaticName): string;
  answer(ctx: Koa.Context): void;
}

export function readStaticFiles(): StaticFiles {
  const files = (Object.keys(TYPES) as StaticName[]).map((name): [StaticName, StaticFile] => {
    const content = readFileSync(new URL(`../static/${name}`, import.meta.url));
    const hash = createHash('sha256').update(content).digest('base64url').slice(0, 16);
    return [name, { path: `${STATIC_PREFIX}${hash}/${name}`, type: TYPES[name], etag: `"${hash}"`, content }];
  });
  const byName = new Map(files);
  const byPath = new Map(files.map(([, file]) => [file.path, file]));
  return {
    path: (name) => byName.get(name)!.path,
    answer(ctx) {
      const file = byPath.get(ctx.path);
      if (file === undefined) {
        // After an update an old page may still ask for the old file.
        ctx.status = 404;
        ctx.type = 'text/plain; charset=utf-8';
        ctx.body = 'There is no such file; load the page again.\n';
        return;
      }
      ctx.set({ 'Cache-Control': 'public, max-age=31536000, immutable', ETag: file.etag });
      ctx.status = 200;
      ctx.type = file.type;
      if (ctx.get('If-None-Match').includes(file.etag)) ctx.status = 304;
      else ctx.body = file.content;
    },
  };
}
