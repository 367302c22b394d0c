import { parseExpressionUntil } from './expression-range.ts'
import { CONSTRAINTS_MAX } from './limits.ts'
import { parseRelationName } from './name.ts'
import { parseColumnStorage } from './parse-column-storage.ts'
import { parseTypeName } from './parse-type-name.ts'
import type { ColumnDefinition, Name, TableConstraint } from './statement.ts'
import { malformed, tooManyConstraints } from './syntax-error.ts'
import type { TokenReader } from './token-reader.ts'

/** A column and the constraints of the table that stand with it. */
export interface ParsedColumn {
  readonly column: ColumnDefinition
  readonly constraints: readonly TableConstraint[]
}

/** column_def = column type [ symbol_options ] { column_constraint } ; */
export function parseColumn(reader: TokenReader): ParsedColumn {
  const name = parseRelationName(reader)
  const type = parseTypeName(reader)
  const storage = type.name === 'symbol' ? parseColumnStorage(reader) : {}
  const parsed: ColumnParts = { constraints: [] }
  while (parseColumnConstraint(reader, name, parsed));
  const { nullable, constraints, ...rest } = parsed
  return {
    column: { name, type, ...storage, notNull: nullable === false, ...rest },
    constraints,
  }
}

interface ColumnParts {
  nullable?: boolean
  default?: NonNullable<ColumnDefinition['default']>
  collation?: Name
  constraints: TableConstraint[]
}

/**
 * column_constraint = [ "CONSTRAINT" name ] ( "NOT" "NULL" | "NULL" | "DEFAULT" expr
 *                   | "PRIMARY" "KEY" | "UNIQUE" | "CHECK" "(" expr ")" ) | "COLLATE" name ;
 */
function parseColumnConstraint(reader: TokenReader, column: Name, parts: ColumnParts): boolean {
  if (reader.acceptWords('COLLATE')) {
    parts.collation = parseCollation(reader)
    return true
  }
  const name = parseConstraintName(reader)
  const start = reader.peek().start
  if (reader.acceptWords('NOT', 'NULL')) setNullable(parts, false, start)
  else if (reader.acceptWords('NULL')) setNullable(parts, true, start)
  else if (reader.acceptWords('DEFAULT')) parseDefault(reader, parts, column, start)
  else {
    const constraint = parseSharedConstraint(reader, name, () => [column])
    if (constraint !== undefined) addConstraint(parts.constraints, constraint, start)
    else if (name === undefined) return false
    else throw reader.unexpected()
  }
  return true
}

/** Adds a constraint to those of a table, as long as there are not too many. */
export function addConstraint(
  constraints: TableConstraint[],
  constraint: TableConstraint,
  offset: number,
): void {
  constraints.push(constraint)
  if (constraints.length > CONSTRAINTS_MAX) throw tooManyConstraints(CONSTRAINTS_MAX, offset)
}

function setNullable(parts: ColumnParts, nullable: boolean, offset: number): void {
  if (parts.nullable === !nullable) {
    throw malformed('conflicting NULL/NOT NULL declarations', offset)
  }
  parts.nullable = nullable
}

function parseDefault(reader: TokenReader, parts: ColumnParts, column: Name, offset: number): void {
  if (parts.default !== undefined) {
    throw malformed(`multiple default values specified for column "${column.text}"`, offset)
  }
  parts.default = parseExpressionUntil(reader, 'ColumnConstraint')
}

/** any_name; the schema of a collation (pg_catalog) says nothing. */
function parseCollation(reader: TokenReader): Name {
  const name = parseRelationName(reader)
  return reader.acceptSymbol('.') ? parseRelationName(reader) : name
}

/** [ "CONSTRAINT" name ] */
export function parseConstraintName(reader: TokenReader): Name | undefined {
  return reader.acceptWords('CONSTRAINT') ? parseRelationName(reader) : undefined
}

/**
 * The constraints that may stand with a column and with a table; they differ in where the columns
 * come from. What grantd's tables cannot have is refused by name.
 */
export function parseSharedConstraint(
  reader: TokenReader,
  name: Name | undefined,
  parseColumns: () => readonly Name[],
): TableConstraint | undefined {
  refuseUnsupportedConstraint(reader)
  const named = name === undefined ? {} : { name }
  let constraint: TableConstraint
  if (reader.acceptWords('PRIMARY', 'KEY')) {
    constraint = { kind: 'PrimaryKey', ...named, columns: parseColumns() }
  } else if (reader.acceptWords('UNIQUE')) {
    if (reader.atWords('NULLS')) throw unsupportedHere(reader, 'UNIQUE NULLS')
    constraint = { kind: 'Unique', ...named, columns: parseColumns() }
  } else if (reader.acceptWords('CHECK')) {
    reader.expectSymbol('(')
    constraint = {
      kind: 'Check',
      ...named,
      expression: parseExpressionUntil(reader, 'Parenthesis'),
    }
    reader.expectSymbol(')')
  } else {
    return undefined
  }
  skipConstraintAttributes(reader)
  return constraint
}

function refuseUnsupportedConstraint(reader: TokenReader): void {
  if (reader.atWords('REFERENCES') || reader.atWords('FOREIGN', 'KEY')) {
    throw unsupportedHere(reader, 'FOREIGN KEY')
  }
  if (reader.atWords('GENERATED')) throw unsupportedHere(reader, 'GENERATED')
  if (reader.atWords('EXCLUDE')) throw unsupportedHere(reader, 'EXCLUDE')
  if (reader.atWords('PARQUET')) throw unsupportedHere(reader, 'PARQUET')
}

/** Attributes that say what holds anyway are read; the others are refused. */
function skipConstraintAttributes(reader: TokenReader): void {
  for (;;) {
    if (reader.acceptWords('NOT', 'DEFERRABLE')) continue
    if (reader.acceptWords('INITIALLY', 'IMMEDIATE')) continue
    for (const word of ['DEFERRABLE', 'INITIALLY', 'NO', 'INCLUDE', 'USING', 'WITH', 'ENFORCED']) {
      if (reader.atWords(word)) throw unsupportedHere(reader, word === 'NO' ? 'NO INHERIT' : word)
    }
    return
  }
}

function unsupportedHere(reader: TokenReader, what: string): Error {
  return reader.notSupported(what, reader.peek().start)
}
