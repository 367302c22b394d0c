import type { BoundExpression, BoundQuery, OutputColumn } from '../../../store/bound.ts'
import type { SqlType } from '../../../store/sql-type.ts'
import { sameType } from '../../types/scalar.ts'
import type { BindContext } from '../bind-context.ts'
import { coerce, settle } from '../coercion.ts'
import { typeField } from '../typed-expression.ts'
import type { KnownType, TypedExpression } from '../typed-expression.ts'

/** An output column while its query is bound; its value may still be a literal without type. */
export interface DraftColumn {
  readonly name: string
  readonly value: TypedExpression
  readonly origin?: OutputColumn['origin']
}

/**
 * A query that is bound but for the types of its output: literals in it take them from UNION, from
 * the columns of INSERT, or are text in the end.
 */
export interface SelectDraft {
  readonly columns: readonly DraftColumn[]
  /** Its targets can be cast where they stand; else the whole is wrapped. */
  readonly isPlain: boolean
  /** The query with these in place of its targets. */
  readonly build: (targets: readonly TypedExpression[]) => BoundQuery
}

/** The query as it is, what is unknown being text. */
export function finishDraft(context: BindContext, draft: SelectDraft): BoundQuery {
  return draft.build(draft.columns.map(({ value }) => settle(context, value)))
}

/** How the output of a query is to be coerced. */
export interface TargetTypes {
  /** One for each column; absent: as it is. */
  readonly types: readonly (SqlType | undefined)[]
  readonly context: 'implicit' | 'assignment'
}

/** The query with its output as the types. */
export function finishDraftAs(
  context: BindContext,
  draft: SelectDraft,
  target: TargetTypes,
): BoundQuery {
  const { types } = target
  const cast = (value: TypedExpression, to: SqlType): TypedExpression => ({
    expression: coerce(context, value, { to, context: target.context }),
    type: to,
    location: value.location,
  })
  if (draft.isPlain) {
    const targets = draft.columns.map(({ value }, index) => {
      const to = types[index]
      return to === undefined ? settle(context, value) : cast(value, to)
    })
    return draft.build(targets)
  }
  // Literals are read where they stand, all else is cast outside.
  const inner = draft.columns.map(({ value }, index) => {
    const to = types[index]
    return value.type === 'unknown' && to !== undefined ? cast(value, to) : settle(context, value)
  })
  return castQueryColumns(context, draft.build(inner), target)
}

/** The query inside another one that casts its columns, if any needs it. */
export function castQueryColumns(
  context: BindContext,
  query: BoundQuery,
  target: TargetTypes,
): BoundQuery {
  const { types } = target
  const needsCast = query.columns.some(({ type }, index) => {
    const to = types[index]
    return to !== undefined && type !== undefined && !sameType(type, to)
  })
  if (!needsCast) return query
  const range = context.newHiddenRange()
  const targets = query.columns.map((column, index): TypedExpression => {
    const expression: BoundExpression = {
      kind: 'ColumnReference',
      range,
      column: index + 1,
      ...typeField(column.type),
    }
    return { expression, type: column.type, location: undefined }
  })
  return {
    kind: 'Query',
    with: [],
    recursive: false,
    body: {
      kind: 'Select',
      distinct: { kind: 'None' },
      targets: targets.map((value, index) => {
        const to = types[index]
        return to === undefined
          ? value.expression
          : coerce(context, value, { to, context: target.context })
      }),
      from: [{ kind: 'Derived', range, query, lateral: false }],
      groupBy: [],
    },
    orderBy: [],
    columns: query.columns.map((column, index) => ({
      ...column,
      ...typeField(types[index] ?? column.type),
    })),
  }
}

/** What a draft's column is for those outside: its name and type. */
export function outputColumn(
  column: Pick<DraftColumn, 'name' | 'origin'>,
  type: KnownType,
): OutputColumn {
  return {
    name: column.name,
    ...typeField(type),
    ...(column.origin === undefined ? {} : { origin: column.origin }),
  }
}
