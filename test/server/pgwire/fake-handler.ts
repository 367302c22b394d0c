import { SqlError } from '../../../errors/sql-error.ts'
import { SqlState } from '../../../errors/sql-state.ts'
import type { Bind } from '../../../server/pgwire/messages/bind.ts'
import type { Parse } from '../../../server/pgwire/messages/parse.ts'
import type { Target } from '../../../server/pgwire/messages/target.ts'
import type {
  Awaitable,
  ColumnDescription,
  PortalDescription,
  ResultSink,
  SessionHandler,
  StatementDescription,
  TransactionStatus,
} from '../../../server/pgwire/session-handler.ts'
import { decodeParameter } from '../../../server/pgwire/values/decode-value.ts'
import { encodeDataRow } from '../../../store/encode-value.ts'
import type { SqlType, SqlValue } from '../../../store/sql-type.ts'
import type { WireFormat } from '../../../store/store.ts'
import { parseFake, type FakeStatement } from './fake-statement.ts'

interface FakePrepared {
  readonly text: string
  readonly statement: FakeStatement | undefined
}

interface FakePortal extends FakePrepared {
  readonly formats: readonly WireFormat[]
  readonly value: SqlValue
  rowsSent: number
}

/** A session without tables: statements of constants, series and transactions, answered as PostgreSQL does. */
export class FakeHandler implements SessionHandler {
  transactionStatus: TransactionStatus = 'I'
  isEnded = false
  cancelCount = 0
  /** Settles when a statement first sleeps. */
  readonly sleeps: Promise<void>
  /** Settles when the session ends. */
  readonly ended: Promise<void>
  #tellSleep = (): void => undefined
  #tellEnd = (): void => undefined
  readonly #prepared = new Map<string, FakePrepared>()
  readonly #portals = new Map<string, FakePortal>()
  #interrupt: (() => void) | undefined

  constructor() {
    this.sleeps = new Promise((resolve) => {
      this.#tellSleep = resolve
    })
    this.ended = new Promise((resolve) => {
      this.#tellEnd = resolve
    })
  }

  query(text: string, sink: ResultSink): Awaitable<void> {
    this.#prepared.delete('')
    this.#portals.delete('')
    return this.#guard(() => {
      const statements = parseFake(text)
      if (statements.length === 0) {
        sink.emptyQuery()
        return
      }
      return this.#queryFrom(statements, 0, sink)
    })
  }

  #queryFrom(
    statements: readonly FakeStatement[],
    from: number,
    sink: ResultSink,
  ): Awaitable<void> {
    for (let index = from; index < statements.length; index++) {
      const statement = statements[index]
      if (statement === undefined) break
      const columns = columnsOf(statement)
      this.#check(statement)
      if (columns !== undefined) sink.rowDescription(columns)
      const portal = { text: '', statement, formats: [], value: null, rowsSent: 0 }
      const running = this.#run(portal, 0, sink)
      if (running instanceof Promise) {
        return running.then(() => this.#queryFrom(statements, index + 1, sink))
      }
    }
  }

  parse(message: Parse): void {
    this.#guard(() => {
      if (message.name !== '' && this.#prepared.has(message.name)) {
        throw new SqlError(
          SqlState.DuplicatePreparedStatement,
          `prepared statement "${message.name}" already exists`,
        )
      }
      const [statement, ...more] = parseFake(message.text)
      if (more.length > 0) {
        throw new SqlError(
          SqlState.SyntaxError,
          'cannot insert multiple commands into a prepared statement',
        )
      }
      if (statement !== undefined) this.#check(statement)
      this.#prepared.set(message.name, { text: message.text, statement })
    })
  }

  bind(message: Bind): void {
    this.#guard(() => {
      const prepared = this.#statement(message.statement)
      failLate(prepared, 'bind')
      const [type] = parametersOf(prepared.statement)
      const [bytes = null] = message.parameters
      const format = message.parameterFormats[0] ?? 'text'
      const expected = type === undefined ? 0 : 1
      if (message.parameters.length !== expected) {
        throw new SqlError(
          SqlState.ProtocolViolation,
          `bind message supplies ${message.parameters.length} parameters, but prepared statement "${message.statement}" requires ${expected}`,
        )
      }
      const value =
        type === undefined || bytes === null
          ? null
          : decodeParameter(bytes, type, format, { timeZone: 'UTC', number: 1 })
      if (message.portal !== '' && this.#portals.has(message.portal)) {
        throw new SqlError(SqlState.DuplicateCursor, `cursor "${message.portal}" already exists`)
      }
      const formats = message.resultFormats
      this.#portals.set(message.portal, { ...prepared, formats, value, rowsSent: 0 })
    })
  }

  describeStatement(name: string): StatementDescription {
    return this.#guard(() => {
      const { text, statement } = this.#statement(name)
      failLate({ text, statement }, 'statement')
      return { parameters: parametersOf(statement), columns: columnsOf(statement) }
    })
  }

  describePortal(name: string): PortalDescription {
    return this.#guard(() => {
      const { text, statement, formats } = this.#portal(name)
      failLate({ text, statement }, 'portal')
      return { columns: columnsOf(statement), formats }
    })
  }

  execute(name: string, rowsMax: number, sink: ResultSink): Awaitable<void> {
    return this.#guard(() => {
      const portal = this.#portal(name)
      failLate(portal, 'execute')
      if (portal.statement === undefined) {
        sink.emptyQuery()
        return
      }
      this.#check(portal.statement)
      return this.#run(portal, rowsMax, sink)
    })
  }

  closeStatement(name: string): void {
    this.#prepared.delete(name)
  }

  closePortal(name: string): void {
    this.#portals.delete(name)
  }

  sync(): void {
    if (this.transactionStatus === 'I') this.#portals.clear()
  }

  textOf(target: Target): string | undefined {
    return target.kind === 'Statement'
      ? this.#prepared.get(target.name)?.text
      : this.#portals.get(target.name)?.text
  }

  fail(): void {
    if (this.transactionStatus === 'T') this.transactionStatus = 'E'
  }

  cancel(): void {
    this.cancelCount++
    this.#interrupt?.()
  }

  async end(): Promise<void> {
    this.isEnded = true
    this.#tellEnd()
    this.#interrupt?.()
  }

  /** What fails fails the transaction. */
  #guard<T>(call: () => T): T {
    try {
      const value = call()
      if (value instanceof Promise) {
        value.catch(() => {
          this.fail()
        })
      }
      return value
    } catch (error) {
      this.fail()
      throw error
    }
  }

  #check(statement: FakeStatement): void {
    const ends = statement.kind === 'Commit' || statement.kind === 'Rollback'
    if (this.transactionStatus !== 'E' || ends) return
    throw new SqlError(
      SqlState.InFailedSqlTransaction,
      'current transaction is aborted, commands ignored until end of transaction block',
    )
  }

  #statement(name: string): FakePrepared {
    const prepared = this.#prepared.get(name)
    if (prepared !== undefined) return prepared
    const what = name === '' ? 'unnamed prepared statement' : `prepared statement "${name}"`
    throw new SqlError(SqlState.InvalidSqlStatementName, `${what} does not exist`)
  }

  #portal(name: string): FakePortal {
    const portal = this.#portals.get(name)
    if (portal !== undefined) return portal
    throw new SqlError(SqlState.InvalidCursorName, `portal "${name}" does not exist`)
  }

  #run(portal: FakePortal, rowsMax: number, sink: ResultSink): Awaitable<void> {
    const { statement } = portal
    switch (statement?.kind) {
      case 'Begin':
        return this.#transaction('T', 'BEGIN', sink)
      case 'Commit':
        return this.#transaction('I', this.transactionStatus === 'E' ? 'ROLLBACK' : 'COMMIT', sink)
      case 'Rollback':
        return this.#transaction('I', 'ROLLBACK', sink)
      case 'Set':
        sink.parameterStatus('application_name', 'fake')
        sink.commandComplete('SET')
        return
      case 'Divide':
        throw divisionByZero()
      case 'Late':
        return
      case 'Crash':
        throw new Error('a bug with the password s3cret in its words')
      case 'Fatal':
        throw new SqlError(SqlState.AdminShutdown, 'principal was dropped', { severity: 'FATAL' })
      case 'Sleep':
        return this.#sleep(statement.seconds, sink)
      case 'Series':
        return this.#series(portal, { count: statement.count, rowsMax }, sink)
      case 'Constant':
        return this.#row(portal, statement.value, sink)
      case 'Parameter':
        return this.#row(portal, portal.value, sink)
      case undefined:
        return
    }
  }

  #transaction(status: TransactionStatus, tag: string, sink: ResultSink): void {
    this.transactionStatus = status
    if (status === 'I') this.#portals.clear()
    sink.commandComplete(tag)
  }

  #row(portal: FakePortal, value: SqlValue, sink: ResultSink): Awaitable<void> {
    const waiting = sink.rows(rowOf(portal, value), 1)
    const complete = (): void => {
      sink.commandComplete('SELECT 1')
    }
    return waiting === undefined ? complete() : waiting.then(complete)
  }

  #sleep(seconds: number, sink: ResultSink): Promise<void> {
    this.#tellSleep()
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#interrupt = undefined
        void sink.rows(emptyTextRow, 1)
        sink.commandComplete('SELECT 1')
        resolve()
      }, seconds * 1000)
      this.#interrupt = () => {
        clearTimeout(timer)
        this.#interrupt = undefined
        reject(new SqlError(SqlState.QueryCanceled, 'canceling statement due to user request'))
      }
    })
  }

  async #series(
    portal: FakePortal,
    limits: { readonly count: number; readonly rowsMax: number },
    sink: ResultSink,
  ): Promise<void> {
    const last =
      limits.rowsMax === 0 ? limits.count : Math.min(limits.count, portal.rowsSent + limits.rowsMax)
    const first = portal.rowsSent
    while (portal.rowsSent < last) {
      const rows: Buffer[] = []
      while (portal.rowsSent < last && rows.length < batchRowsMax) {
        rows.push(rowOf(portal, ++portal.rowsSent))
      }
      await sink.rows(Buffer.concat(rows), rows.length)
    }
    // PostgreSQL does not look ahead: a limit that is reached suspends even behind the last row.
    if (limits.rowsMax > 0 && last - first === limits.rowsMax) sink.portalSuspended()
    else sink.commandComplete(`SELECT ${last - first}`)
  }
}

function failLate({ text, statement }: FakePrepared, message: string): void {
  if (statement?.kind !== 'Late' || statement.message !== message) return
  throw new SqlError(SqlState.UndefinedColumn, 'column "late" does not exist', {
    offset: text.indexOf('late'),
  })
}

function divisionByZero(): SqlError {
  return new SqlError(SqlState.DivisionByZero, 'division by zero')
}

const batchRowsMax = 1000

/** A row of one empty text, as pg_sleep's void looks. */
const emptyTextRow = Buffer.from([0x44, 0, 0, 0, 10, 0, 1, 0, 0, 0, 0])

function rowOf(portal: FakePortal, value: SqlValue): Buffer {
  const types = (columnsOf(portal.statement) ?? []).map((column) => column.type)
  return encodeDataRow([value], types, portal.formats, { timeZone: 'UTC' })
}

function columnsOf(statement: FakeStatement | undefined): readonly ColumnDescription[] | undefined {
  if (statement === undefined) return undefined
  if ('column' in statement) return [statement.column]
  if (statement.kind === 'Sleep') return [described('pg_sleep', 'text')]
  return statement.kind === 'Divide' ? [described('a', 'int4')] : undefined
}

function described(name: string, type: 'int4' | 'text'): ColumnDescription {
  return { name, type: { kind: 'Scalar', name: type } }
}

function parametersOf(statement: FakeStatement | undefined): readonly SqlType[] {
  return statement?.kind === 'Parameter' ? [statement.column.type] : []
}
