/**
 * A message cannot be put together with its original: it is encrypted, so that nothing can be put into it and what is put
 * beside it could be read by everybody; or nothing can be told of the original.
 */
export class CannotCompose extends Error {
  override readonly name = 'CannotCompose';
}
