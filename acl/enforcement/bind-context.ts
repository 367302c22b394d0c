import type { Node as SyntaxNode, SelectStmt } from '@pgsql/types'
import { SqlError } from '../../errors/sql-error.ts'
import type { QueryClauses } from '../../parser/query-clauses.ts'
import type { Name, QuerySyntax } from '../../parser/statement.ts'
import type {
  BoundExpression,
  BoundQuery,
  CteId,
  OutputColumn,
  RangeId,
} from '../../store/bound.ts'
import type { BindOptions } from './binding.ts'
import type { Offset } from './binding-errors.ts'
import type { Clause } from './clause.ts'
import { ParameterTypes } from './parameter-types.ts'
import { RequirementCollector } from './requirement-collector.ts'
import type { Table } from '../schema.ts'
import type { Scope } from './scope.ts'
import type { SelectDraft } from './query/select-draft.ts'
import type { TypedExpression } from './typed-expression.ts'
import { Variables } from './variables.ts'

/** What the binder remembers of a FROM item beyond the bound tree. */
export interface RangeInfo {
  /** As an error names it: alias or relation. */
  readonly name: string
  readonly scope: Scope
  readonly columnName: (column: number) => string
  /** A table: for what its primary key determines. */
  readonly table?: Table
  /** Where a column comes from, for RowDescription. */
  readonly origin?: (column: number) => OutputColumn['origin']
}

/** A column that a star stands for; `table`: how it can be told from others of its name, if it has one. */
export interface StarName {
  readonly table?: string
  readonly name: string
}

/** How the families of expressions and the query binder call each other without importing each other. */
export interface Binders {
  readonly expression: (node: SyntaxNode, scope: Scope, clause: Clause) => TypedExpression
  readonly query: (tree: SelectStmt, parent: Scope, options?: QueryOptions) => BoundQuery
  readonly draft: (tree: SelectStmt, parent: Scope) => SelectDraft
}

export interface QueryOptions {
  /** CTE column lists and the like: names that replace those of the query. */
  readonly columnNames?: readonly string[]
}

/** What the binder needs of a text besides its tree: where its nodes and variables stand, QuestDB's clauses. */
export type PlacedSyntax = Pick<QuerySyntax<unknown>, 'offsetOf' | 'variables' | 'clauses'>

const noClauses: QueryClauses = { selects: new Map(), joins: new Map(), timestamps: new Map() }

/** All that belongs to one statement while it is bound. */
export class BindContext {
  readonly options: BindOptions
  readonly binders: Binders
  readonly requirements = new RequirementCollector()
  readonly parameters: ParameterTypes
  readonly variables: Variables
  readonly ranges = new Map<RangeId, RangeInfo>()
  /** Where a bound column reference stands in the text, for the grouping errors. */
  readonly locations = new WeakMap<BoundExpression, number>()
  readonly #syntax: PlacedSyntax
  /** The columns that stars stood for, for what is kept as text. */
  readonly stars = new WeakMap<object, readonly StarName[]>()
  #error: SqlError | undefined
  #nextRange = 1
  #nextCte = 1
  #weight = 0
  #expansions = 0
  #expandedTables = 0

  constructor(given: {
    readonly options: BindOptions
    readonly syntax: PlacedSyntax
    readonly binders: Binders
    /** The statement's, where this is for a part of it that is bound by itself. */
    readonly parameters?: ParameterTypes
    readonly variables?: Variables
  }) {
    this.options = given.options
    this.#syntax = given.syntax
    this.binders = given.binders
    this.parameters = given.parameters ?? new ParameterTypes(given.options.parameterTypes)
    this.variables = given.variables ?? new Variables()
  }

  /** Where in the client's text a location of libpg-query lies. */
  readonly offsetOf = (location: number | undefined): Offset => this.#syntax.offsetOf(location)

  /** The variable that the ParamRef there stands for, if it is no parameter of the client's. */
  variableAt(location: number | undefined): Name | undefined {
    const offset = this.offsetOf(location)
    return offset === undefined ? undefined : this.#syntax.variables?.get(offset)
  }

  /** QuestDB's clauses beside the tree. */
  get clauses(): QueryClauses {
    return this.#syntax.clauses ?? noClauses
  }

  /** The first error found, if any: the one that the statement fails with. */
  get error(): SqlError | undefined {
    return this.#error
  }

  /** Remembers an error and goes on, so that the requirements of the rest are found as well (G61). */
  fail(error: SqlError): void {
    this.#error ??= error
  }

  /** Runs a step; where it throws an error of ours, remembers it and answers with `otherwise`. */
  attempt<T>(step: () => T, otherwise: T): T {
    try {
      return step()
    } catch (error) {
      if (!(error instanceof SqlError)) throw error
      this.fail(error)
      return otherwise
    }
  }

  /** Adds what a reference to a CTE stands for; answers with the sum of the CTE or statement around it. */
  addWeight(weight: number): number {
    this.#weight += weight
    return this.#weight
  }

  /** Runs a step and weighs the references to CTEs in it (hardening 5.3). */
  weigh<T>(step: () => T): { readonly result: T; readonly weight: number } {
    const outside = this.#weight
    this.#weight = 0
    try {
      const result = step()
      return { result, weight: Math.max(1, this.#weight) }
    } finally {
      this.#weight = outside
    }
  }

  /** How many views were written out so far, with this one. */
  countExpansion(): number {
    this.#expansions++
    return this.#expansions
  }

  /** How many tables the views brought in so far, with this one. */
  countExpandedTable(): number {
    this.#expandedTables++
    return this.#expandedTables
  }

  newRange(info: RangeInfo): RangeId {
    const range = this.#nextRange++
    this.ranges.set(range, info)
    return range
  }

  /** A range that no name can reach: a wrapper that the binder itself puts in. */
  newHiddenRange(): RangeId {
    return this.#nextRange++
  }

  newCte(): CteId {
    return this.#nextCte++
  }
}
