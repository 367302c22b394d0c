/**
 * The `code` that a driver or Node's core put on an error, if any. Such errors can belong to another
 * realm (under Jest they do), so `instanceof Error` says nothing about them.
 */
export function driverCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** The `message` of anything thrown; for the log, never for a client. */
export function driverMessage(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'message' in error) {
    return String(error.message)
  }
  return String(error)
}
