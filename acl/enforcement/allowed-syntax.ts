/**
 * The closed list of what may stand in a query: PostgreSQL's node kinds, and of each the fields that
 * the binder looks at (rule R3). A kind or field that is not here is refused; so a clause that a later
 * grammar adds cannot be dropped in silence. libpg-query leaves out fields that have their default.
 */

/** What a field holds: a plain value, one of some values, nodes, or a struct without its kind around it. */
export type FieldRule =
  | { readonly kind: 'Value' }
  | { readonly kind: 'OneOf'; readonly values: readonly (string | number | boolean)[] }
  | { readonly kind: 'Nodes' }
  | { readonly kind: 'Struct'; readonly struct: string }
  /** Has its own error in the binder, which knows the better words. */
  | { readonly kind: 'Refused'; readonly words: string }

const value: FieldRule = { kind: 'Value' }
const nodes: FieldRule = { kind: 'Nodes' }
const struct = (name: string): FieldRule => ({ kind: 'Struct', struct: name })
const refused = (words: string): FieldRule => ({ kind: 'Refused', words })
const oneOf = (...values: readonly (string | number | boolean)[]): FieldRule => ({
  kind: 'OneOf',
  values,
})

type Fields = Readonly<Record<string, FieldRule>>

const select: Fields = {
  distinctClause: nodes,
  intoClause: refused('SELECT INTO'),
  targetList: nodes,
  fromClause: nodes,
  whereClause: nodes,
  groupClause: nodes,
  groupDistinct: refused('GROUP BY DISTINCT'),
  havingClause: nodes,
  windowClause: nodes,
  valuesLists: nodes,
  sortClause: nodes,
  limitOffset: nodes,
  limitCount: nodes,
  limitOption: value,
  lockingClause: refused('FOR UPDATE and FOR SHARE'),
  withClause: struct('WithClause'),
  op: value,
  all: value,
  larg: struct('SelectStmt'),
  rarg: struct('SelectStmt'),
}

const statements: Readonly<Record<string, Fields>> = {
  SelectStmt: select,
  InsertStmt: {
    relation: struct('RangeVar'),
    cols: nodes,
    selectStmt: nodes,
    onConflictClause: struct('OnConflictClause'),
    returningClause: struct('ReturningClause'),
    withClause: struct('WithClause'),
    override: value,
  },
  UpdateStmt: {
    relation: struct('RangeVar'),
    targetList: nodes,
    whereClause: nodes,
    fromClause: nodes,
    returningClause: struct('ReturningClause'),
    withClause: struct('WithClause'),
  },
  DeleteStmt: {
    relation: struct('RangeVar'),
    usingClause: nodes,
    whereClause: nodes,
    returningClause: struct('ReturningClause'),
    withClause: struct('WithClause'),
  },
  OnConflictClause: {
    action: value,
    infer: struct('InferClause'),
    targetList: nodes,
    whereClause: nodes,
    location: value,
  },
  InferClause: { indexElems: nodes, whereClause: nodes, conname: value, location: value },
  IndexElem: {
    name: value,
    ordering: oneOf('SORTBY_DEFAULT'),
    nulls_ordering: oneOf('SORTBY_NULLS_DEFAULT'),
  },
  ReturningClause: { options: refused('RETURNING WITH'), exprs: nodes },
  WithClause: { ctes: nodes, recursive: value, location: value },
  CommonTableExpr: {
    ctename: value,
    aliascolnames: nodes,
    ctematerialized: value,
    ctequery: nodes,
    search_clause: refused('SEARCH'),
    cycle_clause: refused('CYCLE'),
    location: value,
  },
}

const fromItems: Readonly<Record<string, Fields>> = {
  RangeVar: {
    catalogname: value,
    schemaname: value,
    relname: value,
    // ONLY means nothing where nothing inherits.
    inh: oneOf(true),
    relpersistence: oneOf('p'),
    alias: struct('Alias'),
    location: value,
  },
  Alias: { aliasname: value, colnames: nodes },
  RangeSubselect: { lateral: value, subquery: nodes, alias: struct('Alias') },
  RangeFunction: {
    lateral: value,
    ordinality: value,
    is_rowsfrom: value,
    functions: nodes,
    alias: struct('Alias'),
    coldeflist: refused('a column definition list'),
  },
  JoinExpr: {
    jointype: value,
    isNatural: value,
    larg: nodes,
    rarg: nodes,
    usingClause: nodes,
    join_using_alias: refused('an alias of USING'),
    quals: nodes,
    alias: struct('Alias'),
  },
}

const expressions: Readonly<Record<string, Fields>> = {
  ResTarget: { name: value, indirection: nodes, val: nodes, location: value },
  ColumnRef: { fields: nodes, location: value },
  ParamRef: { number: value, location: value },
  A_Const: {
    ival: struct('Integer'),
    fval: struct('Float'),
    boolval: struct('Boolean'),
    sval: struct('String'),
    bsval: refused('a bit string'),
    isnull: value,
    location: value,
  },
  A_Star: {},
  A_Expr: {
    kind: value,
    name: nodes,
    lexpr: nodes,
    rexpr: nodes,
    rexpr_list_start: value,
    rexpr_list_end: value,
    location: value,
  },
  BoolExpr: { boolop: value, args: nodes, location: value },
  FuncCall: {
    funcname: nodes,
    args: nodes,
    agg_order: nodes,
    agg_filter: nodes,
    over: struct('WindowDef'),
    agg_within_group: value,
    agg_star: value,
    agg_distinct: value,
    func_variadic: value,
    funcformat: value,
    location: value,
  },
  WindowDef: {
    name: value,
    refname: value,
    partitionClause: nodes,
    orderClause: nodes,
    frameOptions: value,
    startOffset: nodes,
    endOffset: nodes,
    location: value,
  },
  SortBy: {
    node: nodes,
    sortby_dir: value,
    sortby_nulls: value,
    useOp: refused('ORDER BY ... USING'),
    location: value,
  },
  TypeCast: { arg: nodes, typeName: struct('TypeName'), location: value },
  TypeName: {
    names: nodes,
    setof: refused('SETOF'),
    pct_type: refused('%TYPE'),
    typmods: nodes,
    typemod: oneOf(-1),
    arrayBounds: nodes,
    location: value,
  },
  CollateClause: { arg: nodes, collname: nodes, location: value },
  CaseExpr: { arg: nodes, args: nodes, defresult: nodes, location: value },
  CaseWhen: { expr: nodes, result: nodes, location: value },
  CoalesceExpr: { args: nodes, location: value },
  MinMaxExpr: { op: value, args: nodes, location: value },
  NullTest: { arg: nodes, nulltesttype: value, location: value },
  BooleanTest: { arg: nodes, booltesttype: value, location: value },
  SubLink: {
    subLinkType: value,
    testexpr: nodes,
    operName: nodes,
    subselect: nodes,
    location: value,
  },
  SQLValueFunction: { op: value, typmod: value, location: value },
  A_ArrayExpr: {
    elements: nodes,
    list_start: value,
    list_end: value,
    location: value,
  },
  RowExpr: { args: nodes, row_format: value, location: value },
  A_Indirection: { arg: nodes, indirection: nodes },
  A_Indices: { is_slice: value, lidx: nodes, uidx: nodes },
  GroupingSet: { kind: value, content: nodes, location: value },
  GroupingFunc: { args: nodes, location: value },
  MultiAssignRef: { source: nodes, colno: value, ncolumns: value },
  SetToDefault: { location: value },
  List: { items: nodes },
  String: { sval: value },
  Integer: { ival: value },
  Float: { fval: value },
  Boolean: { boolval: value },
}

/** By kind of node. */
export const allowedSyntax: ReadonlyMap<string, Fields> = new Map(
  Object.entries({ ...statements, ...fromItems, ...expressions }),
)
