/** The fields of an error as node-postgres gives them. */
export interface Failure {
  readonly code: string | undefined
  readonly message: string
  readonly hint: string | undefined
  readonly detail: string | undefined
  readonly position: string | undefined
  readonly severity: string | undefined
}

/** The error that a promise rejects with. @throws Error when it does not */
export async function failure(promise: Promise<unknown>): Promise<Failure> {
  try {
    await promise
  } catch (error) {
    return asFailure(error)
  }
  throw new Error('expected a failure')
}

function asFailure(error: unknown): Failure {
  const field = (name: string): string | undefined => {
    if (typeof error !== 'object' || error === null) return undefined
    const value: unknown = Reflect.get(error, name)
    return typeof value === 'string' ? value : undefined
  }
  return {
    code: field('code'),
    message: field('message') ?? String(error),
    hint: field('hint'),
    detail: field('detail'),
    position: field('position'),
    severity: field('severity'),
  }
}
