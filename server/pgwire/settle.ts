import type { Awaitable } from './session-handler.ts'

/** Whether the answer is not at hand yet. */
export function isPending<T>(value: Awaitable<T>): value is Promise<T> {
  return typeof value === 'object' && value !== null && 'then' in value
}

/**
 * Calls, then tells the one or the other; at once if the answer is at hand, so that no message costs a
 * promise that needs none (performance.md, section 4).
 */
export function settle<T>(
  call: () => Awaitable<T>,
  succeeded: (value: T) => void,
  failed: (error: unknown) => void,
): Awaitable<void> {
  try {
    const value = call()
    if (isPending(value)) return value.then(succeeded).catch(failed)
    succeeded(value)
  } catch (error) {
    failed(error)
  }
}
