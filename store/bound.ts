/**
 * The bound tree: what a store can run. Every name was resolved: tables are numbers (`oid`), columns
 * are numbers, the inner names of a statement (aliases, CTEs, windows) are numbers too, so that no
 * identifier of the user's text reaches the engine (rules R1, R2; duckdb-hardening.md, section 2.1).
 * `acl/enforcement` builds it, importing these types only; `store/print.ts` prints it. The tree is
 * plain data: it survives JSON (a view's definition is stored so), bigint and bytes encoded by the
 * catalog.
 */
import type { PartitionFile } from './partition-files.ts'
import type { SqlType, SqlValue } from './sql-type.ts'

/** Number of a FROM item within one statement; printed as `"r<n>"`. */
export type RangeId = number

/** Number of a CTE within one statement; printed as `"q<n>"`. */
export type CteId = number

/** What a session knows about itself and hands in as a parameter, so that no plan carries an identity. */
export type SessionValueName =
  | 'current_user'
  | 'session_user'
  | 'current_schema'
  | 'current_database'
  | 'server_version'
  | 'backend_pid'
  | 'transaction_timestamp'
  | 'statement_timestamp'
  | 'clock_timestamp'
  | 'timezone'

/** The type is absent where only the engine knows it (a function whose result type we do not model). */
interface Typed {
  readonly type?: SqlType
}

export interface Constant extends Typed {
  readonly kind: 'Constant'
  readonly value: SqlValue
}

/** A client's parameter `$n`, 1-based; printed with a cast to its type. */
export interface Parameter {
  readonly kind: 'Parameter'
  readonly number: number
  readonly type: SqlType
}

export interface SessionValue {
  readonly kind: 'SessionValue'
  readonly name: SessionValueName
  readonly type: SqlType
}

/** A column of a FROM item: of a relation the attribute number, of anything else the position from 1. */
export interface ColumnReference extends Typed {
  readonly kind: 'ColumnReference'
  readonly range: RangeId
  readonly column: number
}

/**
 * Binary operators with PostgreSQL's meaning. `/` on integers truncates, `/` and `%` by zero raise
 * 22012 (the printer adds the check); `->` and `->>` are JSON access; `~` family POSIX match;
 * `@>` `<@` `&&` on arrays.
 */
export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '^'
  | '='
  | '<>'
  | '<'
  | '<='
  | '>'
  | '>='
  | '||'
  | '&'
  | '|'
  | '#'
  | '<<'
  | '>>'
  | '->'
  | '->>'
  | '~'
  | '~*'
  | '!~'
  | '!~*'
  | '@>'
  | '<@'
  | '&&'

export interface BinaryOperation extends Typed {
  readonly kind: 'BinaryOperation'
  readonly operator: BinaryOperator
  readonly left: BoundExpression
  readonly right: BoundExpression
}

export interface PrefixOperation extends Typed {
  readonly kind: 'PrefixOperation'
  readonly operator: '-' | '+' | '~' | '@' | '|/'
  readonly operand: BoundExpression
}

export interface Logical extends Typed {
  readonly kind: 'Logical'
  readonly operator: 'AND' | 'OR'
  readonly operands: readonly BoundExpression[]
}

export interface Not extends Typed {
  readonly kind: 'Not'
  readonly operand: BoundExpression
}

export interface NullTest extends Typed {
  readonly kind: 'NullTest'
  readonly operand: BoundExpression
  readonly negated: boolean
}

export interface BooleanTest extends Typed {
  readonly kind: 'BooleanTest'
  readonly operand: BoundExpression
  readonly test: 'TRUE' | 'FALSE' | 'UNKNOWN'
  readonly negated: boolean
}

/** IS [NOT] DISTINCT FROM. */
export interface DistinctTest extends Typed {
  readonly kind: 'DistinctTest'
  readonly left: BoundExpression
  readonly right: BoundExpression
  readonly negated: boolean
}

export interface Between extends Typed {
  readonly kind: 'Between'
  readonly operand: BoundExpression
  readonly low: BoundExpression
  readonly high: BoundExpression
  readonly symmetric: boolean
  readonly negated: boolean
}

export interface InList extends Typed {
  readonly kind: 'InList'
  readonly operand: BoundExpression
  readonly items: readonly BoundExpression[]
  readonly negated: boolean
}

/** LIKE and ILIKE; without `escape` the backslash escapes, as in PostgreSQL. */
export interface LikeMatch extends Typed {
  readonly kind: 'LikeMatch'
  readonly operand: BoundExpression
  readonly pattern: BoundExpression
  readonly escape?: BoundExpression
  readonly caseInsensitive: boolean
  readonly negated: boolean
}

/** `operand op ANY (array)`, `operand op ALL (array)`. */
export interface QuantifiedArray extends Typed {
  readonly kind: 'QuantifiedArray'
  readonly operand: BoundExpression
  readonly operator: BinaryOperator
  readonly quantifier: 'ANY' | 'ALL'
  readonly array: BoundExpression
}

export interface CaseExpression extends Typed {
  readonly kind: 'CaseExpression'
  readonly operand?: BoundExpression
  readonly branches: readonly { readonly when: BoundExpression; readonly then: BoundExpression }[]
  readonly otherwise?: BoundExpression
}

export interface Cast {
  readonly kind: 'Cast'
  readonly operand: BoundExpression
  readonly type: SqlType
  /** Implicit or by assignment: text too long for varchar(n) is an error (22001), where CAST cuts it. */
  readonly assignment?: true
}

/**
 * A scalar function of the engine, by the engine's own name from the one list of allowed functions
 * (data/duckdb-functions.json); the binder has mapped PostgreSQL's name to it.
 */
export interface FunctionCall extends Typed {
  readonly kind: 'FunctionCall'
  readonly function: string
  readonly arguments: readonly BoundExpression[]
}

/** COALESCE, NULLIF, GREATEST, LEAST: syntax in PostgreSQL, not functions. */
export interface ConditionalCall extends Typed {
  readonly kind: 'ConditionalCall'
  readonly function: 'coalesce' | 'nullif' | 'greatest' | 'least'
  readonly arguments: readonly BoundExpression[]
}

export interface AggregateCall extends Typed {
  readonly kind: 'AggregateCall'
  readonly function: string
  /** Empty with `star`: count(*). */
  readonly arguments: readonly BoundExpression[]
  readonly star: boolean
  readonly distinct: boolean
  readonly orderBy: readonly BoundSort[]
  /** WITHIN GROUP (ORDER BY ...) instead of an ORDER BY inside the call. */
  readonly withinGroup: boolean
  readonly filter?: BoundExpression
}

/** A frame bound; `offset` with PRECEDING and FOLLOWING. */
export interface FrameBound {
  readonly kind:
    'UnboundedPreceding' | 'Preceding' | 'CurrentRow' | 'Following' | 'UnboundedFollowing'
  readonly offset?: BoundExpression
}

export interface BoundWindow {
  readonly partitionBy: readonly BoundExpression[]
  readonly orderBy: readonly BoundSort[]
  readonly frame?: {
    readonly unit: 'ROWS' | 'RANGE' | 'GROUPS'
    readonly start: FrameBound
    readonly end: FrameBound
    readonly exclude?: 'CURRENT ROW' | 'GROUP' | 'TIES'
  }
}

/** A window function or an aggregate with OVER; named windows are written out by the binder. */
export interface WindowCall extends Typed {
  readonly kind: 'WindowCall'
  readonly function: string
  readonly arguments: readonly BoundExpression[]
  readonly star: boolean
  readonly distinct: boolean
  readonly filter?: BoundExpression
  readonly ignoreNulls: boolean
  readonly window: BoundWindow
}

/** GROUPING(a, b): which of its arguments the current grouping set leaves out. */
export interface GroupingCall extends Typed {
  readonly kind: 'GroupingCall'
  readonly arguments: readonly BoundExpression[]
}

export interface ScalarSubquery extends Typed {
  readonly kind: 'ScalarSubquery'
  readonly query: BoundQuery
}

export interface ExistsSubquery extends Typed {
  readonly kind: 'ExistsSubquery'
  readonly query: BoundQuery
}

/** `operand op ANY|ALL (query)`; IN is `=` ANY, NOT IN is NOT of it. Several operands: a row. */
export interface QuantifiedSubquery extends Typed {
  readonly kind: 'QuantifiedSubquery'
  readonly operands: readonly BoundExpression[]
  readonly operator: BinaryOperator
  readonly quantifier: 'ANY' | 'ALL'
  readonly query: BoundQuery
}

export interface ArraySubquery extends Typed {
  readonly kind: 'ArraySubquery'
  readonly query: BoundQuery
}

export interface ArrayConstructor extends Typed {
  readonly kind: 'ArrayConstructor'
  readonly elements: readonly BoundExpression[]
}

/** ROW(...) and whole-row references. */
export interface RowConstructor extends Typed {
  readonly kind: 'RowConstructor'
  readonly fields: readonly BoundExpression[]
}

/** `array[index]`, 1-based. */
export interface Subscript extends Typed {
  readonly kind: 'Subscript'
  readonly operand: BoundExpression
  readonly index: BoundExpression
}

/** `array[lower:upper]`. */
export interface Slice extends Typed {
  readonly kind: 'Slice'
  readonly operand: BoundExpression
  readonly lower?: BoundExpression
  readonly upper?: BoundExpression
}

/**
 * An overridable variable of a view (V7), in the view's stored definition: worth `value` unless a
 * reader's DECLARE says otherwise. What runs holds none: writing the view out puts the value here.
 */
export interface Variable extends Typed {
  readonly kind: 'Variable'
  readonly name: string
  readonly value: BoundExpression
}

/** DEFAULT in VALUES of an INSERT and on the right side of SET. */
export interface DefaultValue extends Typed {
  readonly kind: 'DefaultValue'
}

/** The closed list of what may stand where a value stands. */
export type BoundExpression =
  | Constant
  | Parameter
  | SessionValue
  | ColumnReference
  | BinaryOperation
  | PrefixOperation
  | Logical
  | Not
  | NullTest
  | BooleanTest
  | DistinctTest
  | Between
  | InList
  | LikeMatch
  | QuantifiedArray
  | CaseExpression
  | Cast
  | FunctionCall
  | ConditionalCall
  | AggregateCall
  | WindowCall
  | GroupingCall
  | ScalarSubquery
  | ExistsSubquery
  | QuantifiedSubquery
  | ArraySubquery
  | ArrayConstructor
  | RowConstructor
  | Subscript
  | Slice
  | Variable
  | DefaultValue

/**
 * A table cut down to exactly the columns that the statement refers to (rule R2):
 * `(SELECT "c1" AS "k1", "c3" AS "k3" FROM "<alias>"."main"."t<oid>") AS "r<range>"`.
 * `name` is the user's, for EXPLAIN and for binding a stored view again; it is never printed.
 */
export interface BoundRelation {
  readonly kind: 'Relation'
  readonly range: RangeId
  readonly oid: number
  readonly name: { readonly schema: string; readonly name: string }
  readonly columns: readonly {
    readonly attnum: number
    readonly name: string
    readonly type: SqlType
  }[]
}

/** A subquery in FROM, a view written out, VALUES in FROM. Columns are `k1`, `k2`, ... */
export interface BoundDerived {
  readonly kind: 'Derived'
  readonly range: RangeId
  readonly query: BoundQuery
  readonly lateral: boolean
  /** Set where a view was written out here: the user's name of it, for EXPLAIN. */
  readonly view?: { readonly schema: string; readonly name: string }
  /** Rows of table_partitions(): they are about the table as it is now, and no view keeps them. */
  readonly partitions?: true
}

export interface BoundCteReference {
  readonly kind: 'CteReference'
  readonly range: RangeId
  readonly cte: CteId
  readonly columnCount: number
}

/** Set-returning functions that may stand in FROM. Columns are `k1`, ...; ordinality comes last. */
export interface BoundTableFunction {
  readonly kind: 'TableFunction'
  readonly range: RangeId
  readonly function: 'unnest' | 'generate_series' | 'generate_subscripts'
  readonly arguments: readonly BoundExpression[]
  readonly columnCount: number
  readonly withOrdinality: boolean
  readonly lateral: boolean
}

/**
 * A relation that the server itself answers (`all_permissions()`, `permissions('x')`, later the system
 * catalogs): its rows are computed for the asking principal when the statement runs and handed to
 * the engine as one list parameter a column, so that the plan carries nobody's rows.
 */
export interface BoundServerRelation {
  readonly kind: 'ServerRelation'
  readonly range: RangeId
  readonly relation: string
  /** Constant arguments, e.g. the name in permissions('x'). */
  readonly arguments: readonly SqlValue[]
  readonly columns: readonly { readonly name: string; readonly type: SqlType }[]
}

export interface BoundJoin {
  readonly kind: 'Join'
  /**
   * ASOF keeps the rows of the left side as LEFT does, each with one row of the right: of those for which
   * `on` holds one with the greatest timestamp. `on` is a conjunction: equalities, and last one `>=` or `>`
   * of a timestamp of the left side and one of the right.
   */
  readonly join: 'INNER' | 'LEFT' | 'RIGHT' | 'FULL' | 'CROSS' | 'ASOF'
  readonly left: BoundFromItem
  readonly right: BoundFromItem
  /** Absent for CROSS only. USING and NATURAL were turned into equalities by the binder. */
  readonly on?: BoundExpression
}

export type BoundFromItem =
  | BoundRelation
  | BoundDerived
  | BoundCteReference
  | BoundTableFunction
  | BoundServerRelation
  | BoundJoin

/** A sort key: an expression, or the position (from 1) of an output column. */
export interface BoundSort {
  readonly key: BoundExpression | { readonly kind: 'OutputReference'; readonly position: number }
  readonly descending: boolean
  /** Absent: PostgreSQL's default (last if ascending, first if descending). */
  readonly nulls?: 'FIRST' | 'LAST'
}

/** A GROUP BY item. An empty `Set` is (). */
export type BoundGrouping =
  | { readonly kind: 'Expression'; readonly expression: BoundExpression }
  | { readonly kind: 'Set'; readonly expressions: readonly BoundExpression[] }
  | {
      readonly kind: 'Rollup' | 'Cube' | 'GroupingSets'
      readonly items: readonly BoundGrouping[]
    }

export interface BoundSelect {
  readonly kind: 'Select'
  /** `On` is DISTINCT ON. */
  readonly distinct:
    | { readonly kind: 'None' }
    | { readonly kind: 'All' }
    | { readonly kind: 'On'; readonly expressions: readonly BoundExpression[] }
  /** Printed as `AS "k1"`, `"k2"`, ... in order. */
  readonly targets: readonly BoundExpression[]
  /** Several items are a cross product. Empty: SELECT without FROM. */
  readonly from: readonly BoundFromItem[]
  readonly where?: BoundExpression
  readonly groupBy: readonly BoundGrouping[]
  readonly having?: BoundExpression
}

export interface BoundSetOperation {
  readonly kind: 'SetOperation'
  readonly operator: 'UNION' | 'INTERSECT' | 'EXCEPT'
  readonly all: boolean
  readonly left: BoundQuery
  readonly right: BoundQuery
}

export interface BoundValues {
  readonly kind: 'Values'
  readonly rows: readonly (readonly BoundExpression[])[]
}

export interface BoundCte {
  readonly id: CteId
  readonly query: BoundQuery
  readonly columnCount: number
  readonly materialized?: boolean
}

/** DECLARE in a view's stored definition: for the views inside it, and for who may override it (V7). */
export interface BoundDeclaration extends Typed {
  readonly name: string
  readonly overridable: boolean
  readonly value: BoundExpression
  /** A bare literal, which takes the type of where it is used. */
  readonly isUntyped: boolean
}

/** What a query puts out: the user's column name, its type (absent: the engine says), where it is from. */
export interface OutputColumn {
  readonly name: string
  readonly type?: SqlType
  /** For RowDescription's table OID and column number: a plain column of a table. */
  readonly origin?: { readonly oid: number; readonly attnum: number }
}

export interface BoundQuery {
  readonly kind: 'Query'
  readonly with: readonly BoundCte[]
  /** WITH RECURSIVE: a CTE may refer to itself. */
  readonly recursive: boolean
  readonly body: BoundSelect | BoundSetOperation | BoundValues
  readonly orderBy: readonly BoundSort[]
  readonly limit?: BoundExpression
  readonly offset?: BoundExpression
  readonly columns: readonly OutputColumn[]
  /**
   * The position, from 1, of the output column by which the rows are a time series (QuestDB's designated
   * timestamp). For the binder of what reads the query, a view's readers too; nothing is printed of it.
   */
  readonly timestamp?: number
  /** Only where a view's definition is stored. */
  readonly declarations?: readonly BoundDeclaration[]
}

/** RETURNING: expressions over the target's range. */
export interface BoundReturning {
  readonly targets: readonly BoundExpression[]
  readonly columns: readonly OutputColumn[]
}

/**
 * The table that a statement writes to. Its columns are printed by their physical name under the
 * alias `"r<range>"`: `"r1"."c3"`.
 */
export interface BoundTarget {
  readonly range: RangeId
  readonly oid: number
  readonly name: { readonly schema: string; readonly name: string }
  /** All columns of the table, for naming constraint violations in the user's words. */
  readonly columns: readonly { readonly attnum: number; readonly name: string }[]
  /** The table's constraints by the user's names; absent: named as PostgreSQL would by itself. */
  readonly constraints?: readonly TargetConstraint[]
}

/** A constraint as errors name it. `attnums` of a check: the columns that its expression reads. */
export interface TargetConstraint {
  readonly kind: 'PrimaryKey' | 'Unique' | 'Check'
  readonly name: string
  readonly attnums: readonly number[]
}

export interface BoundAssignment {
  readonly attnum: number
  readonly value: BoundExpression
}

/** ON CONFLICT; columns of the row that was to be inserted are those of the range `excluded`. */
export interface BoundOnConflict {
  /** Attribute numbers of the conflict target; empty: any (DO NOTHING only). */
  readonly target: readonly number[]
  readonly excluded: RangeId
  readonly action:
    | { readonly kind: 'Nothing' }
    | {
        readonly kind: 'Update'
        readonly assignments: readonly BoundAssignment[]
        readonly where?: BoundExpression
      }
}

/**
 * DEDUP UPSERT KEYS of the table: a row takes the place of all rows with equal keys, NULL being equal to
 * NULL; of rows of one statement the last counts.
 */
export interface BoundUpsert {
  /** The designated timestamp, which is one of the keys and never NULL. */
  readonly timestamp: number
  readonly keys: readonly UpsertKey[]
}

export interface UpsertKey {
  readonly attnum: number
  readonly type: SqlType
  /** What the default comes to is known to the physical table alone. */
  readonly hasDefault: boolean
}

export interface BoundInsert {
  readonly kind: 'Insert'
  readonly with: readonly BoundCte[]
  readonly recursive: boolean
  readonly target: BoundTarget
  /** The columns filled, in the order of the source's columns. */
  readonly columns: readonly number[]
  /** Absent: DEFAULT VALUES. DefaultValue may stand only in the rows of a Values body here. */
  readonly source?: BoundQuery
  readonly onConflict?: BoundOnConflict
  /** Beside neither `onConflict` nor `returning`. */
  readonly upsert?: BoundUpsert
  readonly returning?: BoundReturning
}

export interface BoundUpdate {
  readonly kind: 'Update'
  readonly with: readonly BoundCte[]
  readonly recursive: boolean
  readonly target: BoundTarget
  readonly assignments: readonly BoundAssignment[]
  readonly from: readonly BoundFromItem[]
  readonly where?: BoundExpression
  readonly returning?: BoundReturning
}

export interface BoundDelete {
  readonly kind: 'Delete'
  readonly with: readonly BoundCte[]
  readonly recursive: boolean
  readonly target: BoundTarget
  readonly using: readonly BoundFromItem[]
  readonly where?: BoundExpression
  readonly returning?: BoundReturning
}

/** A column of a physical table. */
export interface PhysicalColumn {
  readonly attnum: number
  readonly type: SqlType
  readonly notNull: boolean
  /** Constant over the row: no column references, no subqueries, no parameters. */
  readonly default?: BoundExpression
}

/** Constraints of a physical table; CHECK sees the columns as range 0: `"c<attnum>"` without alias. */
export type PhysicalConstraint =
  | { readonly kind: 'PrimaryKey' | 'Unique'; readonly attnums: readonly number[] }
  | { readonly kind: 'Check'; readonly expression: BoundExpression }

export interface CreatePhysicalTable {
  readonly kind: 'CreatePhysicalTable'
  readonly oid: number
  readonly columns: readonly PhysicalColumn[]
  readonly constraints: readonly PhysicalConstraint[]
}

export interface DropPhysicalTable {
  readonly kind: 'DropPhysicalTable'
  readonly oid: number
}

export interface AddPhysicalColumn {
  readonly kind: 'AddPhysicalColumn'
  readonly oid: number
  readonly column: PhysicalColumn
}

export interface DropPhysicalColumn {
  readonly kind: 'DropPhysicalColumn'
  readonly oid: number
  readonly attnum: number
}

/** The engine cannot add a NOT NULL column in one step: {@link AddPhysicalColumn}, then this. */
export interface SetPhysicalNotNull {
  readonly kind: 'SetPhysicalNotNull'
  readonly oid: number
  readonly attnum: number
}

/** The column may be null from now on, also beside keys of the table. */
export interface DropPhysicalNotNull {
  readonly kind: 'DropPhysicalNotNull'
  readonly oid: number
  readonly attnum: number
}

/** Each row's value becomes what `using` makes of the row; it sees the columns as range 0, as CHECK does. */
export interface AlterPhysicalColumnType {
  readonly kind: 'AlterPhysicalColumnType'
  readonly oid: number
  readonly attnum: number
  readonly type: SqlType
  readonly using: BoundExpression
  /** A row of which `using` makes NULL is an error (23502): the engine itself does not look. */
  readonly notNull: boolean
}

/** Its number is another one from now on. */
export interface RenamePhysicalColumn {
  readonly kind: 'RenamePhysicalColumn'
  readonly oid: number
  readonly attnum: number
  readonly to: number
}

export interface TruncatePhysicalTable {
  readonly kind: 'TruncatePhysicalTable'
  readonly oid: number
}

/** Copies the rows of a partition to a file, which is finished by `store/partition-files.ts`. */
export interface ExportPartition {
  readonly kind: 'ExportPartition'
  readonly oid: number
  readonly columns: readonly { readonly attnum: number; readonly type: SqlType }[]
  readonly timestamp: { readonly attnum: number; readonly type: SqlType }
  /** The least and the greatest timestamp of the rows. */
  readonly min: SqlValue
  readonly max: SqlValue
  readonly file: PartitionFile
}

/** Puts the rows of such a file into a table; columns that are not named get their defaults. */
export interface ImportPartition {
  readonly kind: 'ImportPartition'
  readonly target: BoundTarget
  readonly columns: readonly { readonly attnum: number; readonly type: SqlType }[]
  readonly file: PartitionFile
}

/** Changes of physical tables; the engine runs them inside the session's transaction. */
export type PhysicalChange =
  | CreatePhysicalTable
  | DropPhysicalTable
  | AddPhysicalColumn
  | DropPhysicalColumn
  | SetPhysicalNotNull
  | DropPhysicalNotNull
  | AlterPhysicalColumnType
  | RenamePhysicalColumn
  | TruncatePhysicalTable

/** What a store can run. */
export type BoundStatement =
  | BoundQuery
  | BoundInsert
  | BoundUpdate
  | BoundDelete
  | PhysicalChange
  | ExportPartition
  | ImportPartition
