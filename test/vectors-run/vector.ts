import { readFileSync } from 'node:fs'

export type Cell = string | number | boolean | null

/** What a step of a vector must come to (questdb-rbac.md, section 16). */
export type Expectation =
  | 'ok'
  | { readonly error: string; readonly sqlstate?: string }
  | {
      readonly columns?: readonly string[]
      readonly rows?: readonly (readonly Cell[])[]
      readonly ordered?: boolean
      readonly count?: number
    }

export interface Step {
  readonly as: string
  readonly sql: string
  readonly expect: Expectation
  readonly password?: string
  readonly session?: string | number
}

export interface Vector {
  readonly name: string
  readonly source: string
  readonly section: string
  readonly steps: readonly Step[]
}

/** The shared cases, as data that no run may edit. */
export function readVectors(file: URL): readonly Vector[] {
  const vectors: readonly Vector[] = JSON.parse(readFileSync(file, 'utf8'))
  return vectors
}
