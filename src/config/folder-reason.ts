const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not use it; run as its owner, or choose another with --data',
  EPERM: 'this user may not use it; run as its owner, or choose another with --data',
  EEXIST: 'it is a file; choose another with --data',
  ENOTDIR: 'a file is in its path; choose another with --data',
  EROFS: 'the file system can only be read; choose another with --data',
  // Node answers a recursive mkdir so where the file system can only be read.
  ENOENT: 'it cannot be made, perhaps because the file system can only be read; choose another with --data',
  ENOSPC: 'the disk is full; free some space',
};

/** Why a data folder cannot be used and what to do, as the end of a sentence; null when the error is not the system's. */
export function folderReason(error: unknown): string | null {
  if (!(error instanceof Error) || !('syscall' in error)) return null;
  return REASONS[String((error as NodeJS.ErrnoException).code)] ?? error.message;
}
