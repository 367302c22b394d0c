import type { InferClause, OnConflictClause } from '@pgsql/types'
import type { BoundOnConflict } from '../../store/bound.ts'
import { foldName } from '../names.ts'
import type { Table } from '../schema.ts'
import {
  areNotSupported,
  invalidColumnReference,
  notSupported,
  syntaxError,
  unknownConstraint,
} from './binding-errors.ts'
import { excludedColumns } from './excluded-columns.ts'
import { visibleItem } from './from/from-item.ts'
import { readColumnOf } from './name-lookup.ts'
import type { Scope } from './scope.ts'
import { bindSetClause } from './set-clause.ts'
import { bindCondition } from './where.ts'
import type { WriteTarget } from './write-target.ts'

interface ConflictPlace {
  readonly target: WriteTarget
  readonly scope: Scope
}

/** ON CONFLICT (parse_clause.c, transformOnConflictArbiter). */
export function bindOnConflict(clause: OnConflictClause, place: ConflictPlace): BoundOnConflict {
  const { target, scope } = place
  const { context } = scope
  const isUpdate = clause.action === 'ONCONFLICT_UPDATE'
  const arbiter =
    clause.infer === undefined
      ? []
      : context.attempt(() => bindArbiter(clause.infer ?? {}, place), [])
  if (isUpdate && clause.infer === undefined) {
    throw syntaxError(
      'ON CONFLICT DO UPDATE requires inference specification or constraint name',
      context.offsetOf(clause.location),
    )
  }
  const excluded = context.newRange({
    name: 'excluded',
    scope,
    columnName: (attnum) =>
      target.table?.columns.find((column) => column.attnum === attnum)?.name ?? '',
  })
  if (!isUpdate) return { target: arbiter, excluded, action: { kind: 'Nothing' } }
  const item = visibleItem({
    name: { text: 'excluded', key: foldName('excluded') },
    columns: excludedColumns(target.table, { context, range: excluded }),
    missing: (column) => context.requirements.addUnknownColumn(target.name, column),
    unknown: target.table === undefined,
  })
  scope.items = [...scope.items, item]
  const assignments = bindSetClause(clause.targetList, place)
  const where = bindCondition(clause.whereClause, scope, 'WHERE')
  return {
    target: arbiter,
    excluded,
    action: { kind: 'Update', assignments, ...(where === undefined ? {} : { where }) },
  }
}

/** The columns that tell rows apart; they are read, and a constraint must be over just them. */
function bindArbiter(infer: InferClause, { target, scope }: ConflictPlace): readonly number[] {
  const { context } = scope
  const { table } = target
  const offset = context.offsetOf(infer.location)
  if (infer.whereClause !== undefined) throw areNotSupported('partial unique indexes', offset)
  if (infer.conname !== undefined) {
    const attnums = constraintColumns(infer.conname, table, offset)
    // They are read, as if they had been written out (PostgreSQL 15, transformOnConflictArbiter).
    for (const [index, column] of target.item.columns.entries()) {
      const attnum = table?.columns[index]?.attnum
      if (attnum === undefined || !attnums.includes(attnum)) continue
      column.read({ throughStar: true, location: undefined })
    }
    return attnums
  }
  const attnums = (infer.indexElems ?? []).map((node) => {
    if (!('IndexElem' in node) || node.IndexElem.name === undefined) {
      throw notSupported('ON CONFLICT over an expression', offset)
    }
    const { expression } = readColumnOf(target.item, node.IndexElem.name, {
      scope,
      location: infer.location,
    })
    return expression.kind === 'ColumnReference' ? expression.column : 0
  })
  const wanted = new Set(attnums)
  const isUnique = table?.constraints.some(
    (constraint) =>
      constraint.kind !== 'Check' &&
      constraint.attnums.length === wanted.size &&
      constraint.attnums.every((attnum) => wanted.has(attnum)),
  )
  if (isUnique === false) {
    throw invalidColumnReference(
      'there is no unique or exclusion constraint matching the ON CONFLICT specification',
      offset,
    )
  }
  return [...wanted]
}

function constraintColumns(
  name: string,
  table: Table | undefined,
  offset: number | undefined,
): readonly number[] {
  if (table === undefined) return []
  const key = foldName(name)
  const found = table.constraints.find((constraint) => foldName(constraint.name) === key)
  if (found === undefined || found.kind === 'Check') {
    throw unknownConstraint(name, table.name, offset)
  }
  return found.attnums
}
