import type { ScalarTypeName, SqlType, SqlValue } from '../store/sql-type.ts'

/** A column of what the server answers itself (questdb-rbac.md, 9.1). */
export interface ListingColumn {
  readonly name: string
  readonly type: SqlType
}

export type ListingRow = readonly SqlValue[]

/** Rows that the server answers itself. */
export interface Listing {
  readonly columns: readonly ListingColumn[]
  readonly rows: readonly ListingRow[]
}

export const textColumn = (name: string): ListingColumn => column(name, 'varchar')
export const booleanColumn = (name: string): ListingColumn => column(name, 'bool')
export const bigintColumn = (name: string): ListingColumn => column(name, 'int8')
export const instantColumn = (name: string): ListingColumn => column(name, 'timestamptz')
export const integerColumn = (name: string): ListingColumn => column(name, 'int4')

function column(name: string, type: ScalarTypeName): ListingColumn {
  return { name, type: { kind: 'Scalar', name: type } }
}
