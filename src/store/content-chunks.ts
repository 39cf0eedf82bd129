/** Content is kept and handed out in pieces of at most this many bytes. */
export const CHUNK_BYTES = 64 * 1024;
