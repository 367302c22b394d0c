/**
 * The bounds of what a client may ask the parser to read (duckdb-hardening.md, 5.3). Each is checked
 * as early as it can be: those up to {@link NESTING_MAX} before libpg-query sees the text.
 */

/** Length of the text in UTF-8 bytes: 1 MiB (5.3). */
export const TEXT_BYTES_MAX = 1_048_576

/** Statements of one text: each costs time on the event loop (architecture.md, R8; our number). */
export const STATEMENTS_MAX = 5_000

/** Characters of the client's text that an error repeats (architecture.md, R8; our number). */
export const NEAR_TEXT_MAX = 200

/** Nodes of a statement's tree (5.3). Every operand token makes at least one: tested on tokens first. */
export const SYNTAX_NODES_MAX = 50_000

/** Parentheses, brackets, CASEs and prefix operators within each other (5.3). */
export const NESTING_MAX = 200

/** Variables that one query declares (V7): a query with more is made by a machine (our number). */
export const DECLARATIONS_MAX = 100

/** Items of one IN list (5.3). */
export const IN_LIST_ITEMS_MAX = 10_000

/** Relations in one FROM or USING clause, joined ones included (5.3). */
export const FROM_ITEMS_MAX = 100

/** SELECTs that UNION, INTERSECT and EXCEPT put together in one statement (5.3). */
export const SET_OPERATION_ARMS_MAX = 500

/** Columns of a table, of a select list, of an INSERT (5.3; PostgreSQL's MaxHeapAttributeNumber). */
export const COLUMNS_MAX = 1_600

/** Constraints of a table: as many as columns, since each is read by itself (our number). */
export const CONSTRAINTS_MAX = COLUMNS_MAX

/** Height of a tree: chains such as a + b + c + ... (DuckDB's default of max_expression_depth). */
export const TREE_HEIGHT_MAX = 1_000

/** Bytes of a name of a relation, column or alias (PostgreSQL's NAMEDATALEN less one). */
export const NAME_BYTES_MAX = 63
