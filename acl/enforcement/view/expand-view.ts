import { unreachable } from '../../../errors/unreachable.ts'
import { SqlError } from '../../../errors/sql-error.ts'
import type {
  BoundDerived,
  BoundExpression,
  BoundFromItem,
  BoundQuery,
  BoundRelation,
  CteId,
  RangeId,
} from '../../../store/bound.ts'
import type { SqlType } from '../../../store/sql-type.ts'
import { foldName, relationName } from '../../names.ts'
import type { RelationName } from '../../names.ts'
import type { Column, Relation, View } from '../../schema.ts'
import { sameType } from '../../types/scalar.ts'
import type { BindContext } from '../bind-context.ts'
import {
  circularView,
  invalidView,
  notSupported,
  tooComplex,
  unknownColumn,
  unknownRelation,
} from '../binding-errors.ts'
import { mapExpression, mapFromItem, mapQuery } from '../bound-tree.ts'
import type { Variables } from '../variables.ts'
import { ViewVariables } from './view-variables.ts'

/** A statement's views, those inside views included: beyond this the text is longer than anyone reads. */
const expansionsMax = 1_000

/**
 * The bound on items of FROM that a text has (duckdb-hardening.md, 5.3), for what its views bring in:
 * the engine's planner takes seconds for as many, and hears no interrupt.
 */
const expandedTablesMax = 100

interface Place {
  readonly context: BindContext
  readonly location: number | undefined
}

/**
 * A view's stored definition, its relations bound again by name (V5, V10): with what those names mean
 * now, and with numbers of this statement. Its own requirements were met by whoever made it (V3).
 * @throws SqlError that names what is missing, if the view is invalid
 */
export function expandView(view: View, { context, location }: Place): BoundQuery {
  try {
    return expand(view, context, { open: new Set([view.key]), variables: context.variables })
  } catch (error) {
    if (!(error instanceof SqlError)) throw error
    // The views between this one and what is missing are not the reader's to know (V1, V10).
    throw invalidView(view.name, error, context.offsetOf(location))
  }
}

/** What a view is written out in. */
interface Surroundings {
  /** The views around, and this one: one that comes again would never end. */
  readonly open: ReadonlySet<RelationName['key']>
  /** Declared by the statement and the views around (V7). */
  readonly variables: Variables
}

function expand(view: View, context: BindContext, around: Surroundings): BoundQuery {
  if (context.countExpansion() > expansionsMax) {
    throw tooComplex(`views expand to more than ${expansionsMax} queries`)
  }
  return new Renewal(context, around).definition(view.definition)
}

/** How the numbers of a stored tree become those of this statement. */
class Renewal {
  readonly #context: BindContext
  readonly #open: Surroundings['open']
  readonly #variables: ViewVariables
  readonly #ranges = new Map<RangeId, RangeId>()
  readonly #ctes = new Map<CteId, CteId>()
  /** Where columns have other numbers than when the view was made. */
  readonly #columns = new Map<RangeId, ReadonlyMap<number, number>>()

  constructor(context: BindContext, { open, variables }: Surroundings) {
    this.#context = context
    this.#open = open
    this.#variables = new ViewVariables(context, variables)
  }

  /** Without its declarations: every variable has a value from here on. */
  definition({ declarations = [], ...query }: BoundQuery): BoundQuery {
    for (const declaration of declarations) this.#variables.declare(declaration, this.#renew)
    return this.query(query)
  }

  readonly #renew = (expression: BoundExpression): BoundExpression => this.#expression(expression)

  /** FROM items first: columns can be renumbered when their relation is known. */
  query(query: BoundQuery): BoundQuery {
    for (const cte of query.with) this.#cte(cte.id)
    const body =
      query.body.kind === 'Select'
        ? { ...query.body, from: query.body.from.map((item) => this.#relations(item)) }
        : query.body
    const renewed = mapQuery(
      { ...query, body },
      {
        expression: (expression) => this.#expression(expression),
        query: (inner) => this.query(inner),
        fromItem: (item) => this.#inside(item),
      },
    )
    return { ...renewed, with: renewed.with.map((cte) => ({ ...cte, id: this.#cte(cte.id) })) }
  }

  #range(range: RangeId): RangeId {
    const known = this.#ranges.get(range)
    if (known !== undefined) return known
    const fresh = this.#context.newHiddenRange()
    this.#ranges.set(range, fresh)
    return fresh
  }

  #cte(id: CteId): CteId {
    const known = this.#ctes.get(id)
    if (known !== undefined) return known
    const fresh = this.#context.newCte()
    this.#ctes.set(id, fresh)
    return fresh
  }

  #expression(expression: BoundExpression): BoundExpression {
    if (expression.kind === 'ColumnReference') {
      const { range, column } = expression
      return {
        ...expression,
        range: this.#range(range),
        column: this.#columns.get(range)?.get(column) ?? column,
      }
    }
    if (expression.kind === 'Variable') return this.#variables.valueOf(expression, this.#renew)
    return mapExpression(expression, {
      expression: this.#renew,
      query: (query) => this.query(query),
    })
  }

  /** Binds the relations of an item again; what is inside it has its old numbers still. */
  #relations(item: BoundFromItem): BoundFromItem {
    switch (item.kind) {
      case 'Relation':
        return this.#relation(item)
      case 'Derived':
        return item.view === undefined ? item : this.#view(item, item.view)
      case 'Join':
        return { ...item, left: this.#relations(item.left), right: this.#relations(item.right) }
      case 'CteReference':
      case 'TableFunction':
      case 'ServerRelation':
        return item
      default:
        return unreachable(item)
    }
  }

  /** Gives an item and what is inside it this statement's numbers. */
  #inside(item: BoundFromItem): BoundFromItem {
    if (item.kind === 'Join') {
      return mapFromItem(item, {
        expression: (expression) => this.#expression(expression),
        query: (query) => this.query(query),
        fromItem: (inner) => this.#inside(inner),
      })
    }
    const range = this.#range(item.range)
    switch (item.kind) {
      case 'Relation':
      case 'ServerRelation':
        return { ...item, range }
      case 'CteReference':
        return { ...item, range, cte: this.#cte(item.cte) }
      case 'TableFunction':
        return {
          ...item,
          range,
          arguments: item.arguments.map((argument) => this.#expression(argument)),
        }
      case 'Derived':
        // An inner view was renewed with numbers of its own.
        return {
          ...item,
          range,
          query: item.view === undefined ? this.query(item.query) : item.query,
        }
      default:
        return unreachable(item)
    }
  }

  #relation(item: BoundRelation): BoundRelation {
    if (this.#context.countExpandedTable() > expandedTablesMax) {
      throw tooComplex(`views expand to more than ${expandedTablesMax} tables`)
    }
    const { name, relation } = this.#find(item.name)
    if (relation === undefined) throw unknownRelation(name, 'table', undefined)
    if (relation.kind !== 'Table')
      throw notSupported(`view ${name.name} in place of a table`, undefined)
    const numbers = new Map<number, number>()
    const columns = item.columns.map((column) => {
      const found = sameColumn(relation, column)
      numbers.set(column.attnum, found.attnum)
      return { attnum: found.attnum, name: found.name, type: found.type }
    })
    this.#columns.set(item.range, numbers)
    return { ...item, oid: relation.oid, columns }
  }

  #view(item: BoundDerived, stored: NonNullable<BoundDerived['view']>): BoundDerived {
    const { name, relation } = this.#find(stored)
    if (relation === undefined) throw unknownRelation(name, 'view', undefined)
    if (relation.kind !== 'View')
      throw notSupported(`table ${name.name} in place of a view`, undefined)
    if (this.#open.has(relation.key)) throw circularView()
    const query = expand(relation, this.#context, {
      open: new Set([...this.#open, relation.key]),
      variables: this.#variables.inner,
    })
    const numbers = new Map<number, number>()
    for (const [index, column] of item.query.columns.entries()) {
      const { type } = column
      const found =
        type === undefined ? undefined : sameColumn(relation, { name: column.name, type })
      const position = relation.columns.findIndex(({ key }) => key === found?.key)
      numbers.set(index + 1, position + 1)
    }
    this.#columns.set(item.range, numbers)
    return { ...item, query }
  }

  #find(stored: { readonly schema: string; readonly name: string }): {
    readonly name: RelationName
    readonly relation: Relation | undefined
  } {
    const name = relationName(stored)
    return { name, relation: this.#context.options.schema.relation(name.key) }
  }
}

/** The column of that name as it is now; another type would give the view's expressions another meaning. */
function sameColumn(
  relation: Relation,
  column: { readonly name: string; readonly type: SqlType },
): Column {
  const key = foldName(column.name)
  const found = relation.columns.find((one) => one.key === key)
  if (found === undefined) throw unknownColumn(column.name, undefined)
  if (!sameType(found.type, column.type)) {
    throw notSupported(`another type of column ${column.name}`, undefined)
  }
  return found
}
