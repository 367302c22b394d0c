import type { SelectStmt } from '@pgsql/types'
import { foldName } from '../../names.ts'
import type { FoldedName } from '../../names.ts'
import { invalidRecursion } from '../binding-errors.ts'
import type { BindContext } from '../bind-context.ts'

/** Where a recursive query may not refer to itself, in PostgreSQL's words; undefined where it may. */
type Place = 'a subquery' | 'an outer join' | 'INTERSECT' | 'EXCEPT' | undefined

/**
 * Refuses references to the recursive query `name` where its rows could not be taken round by round
 * (parse_cte.c, checkWellFormedRecursionWalker).
 * @throws SqlError 42P19
 */
export function checkRecursiveReferences(
  term: SelectStmt,
  { name, context }: { readonly name: string; readonly context: BindContext },
): void {
  const key = foldName(name)
  walk({ SelectStmt: term }, undefined)

  /** Trees are objects with one key, the kind of node, around its fields. */
  function walk(node: unknown, place: Place): void {
    if (Array.isArray(node)) for (const one of node) walk(one, place)
    else if (isRecord(node))
      for (const [kind, fields] of Object.entries(node)) visit(kind, fields, place)
  }

  function visit(kind: string, fields: unknown, place: Place): void {
    if (!isRecord(fields)) walk(fields, place)
    else if (kind === 'RangeVar') refuse(fields, place)
    else if (kind === 'SubLink') walk(fields, place ?? 'a subquery')
    else if (kind === 'JoinExpr') walkJoin(fields, place)
    else if (kind === 'SelectStmt' || kind === 'larg' || kind === 'rarg') walkSelect(fields, place)
    else walk(fields, place)
  }

  function refuse({ relname, schemaname, location }: Fields, place: Place): void {
    if (place === undefined || schemaname !== undefined || typeof relname !== 'string') return
    if (foldName(relname) !== key) return
    throw invalidRecursion(
      `recursive reference to query "${name}" must not appear within ${place}`,
      context.offsetOf(typeof location === 'number' ? location : undefined),
    )
  }

  function walkJoin({ larg, rarg, jointype, ...others }: Fields, place: Place): void {
    const outer = place ?? 'an outer join'
    const isFull = jointype === 'JOIN_FULL'
    walk(larg, isFull || jointype === 'JOIN_RIGHT' ? outer : place)
    walk(rarg, isFull || jointype === 'JOIN_LEFT' ? outer : place)
    walk(others, place)
  }

  function walkSelect(fields: Fields, place: Place): void {
    if (hidesName(fields, key)) return
    const { op, all, larg, rarg, ...others } = fields
    const isExcept = op === 'SETOP_EXCEPT'
    const ofAll = isExcept ? 'EXCEPT' : op === 'SETOP_INTERSECT' ? 'INTERSECT' : undefined
    const inner = place ?? (all === true ? ofAll : undefined)
    walk({ larg }, inner)
    walk({ rarg }, isExcept ? (place ?? 'EXCEPT') : inner)
    walk(others, place)
  }
}

type Fields = Readonly<Record<string, unknown>>

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether a WITH clause of its own gives the name another meaning. */
function hidesName({ withClause }: Fields, key: FoldedName): boolean {
  const ctes = isRecord(withClause) ? withClause['ctes'] : undefined
  if (!Array.isArray(ctes)) return false
  return ctes.some((node: unknown) => {
    const cte = isRecord(node) ? node['CommonTableExpr'] : undefined
    return isRecord(cte) && typeof cte['ctename'] === 'string' && foldName(cte['ctename']) === key
  })
}
